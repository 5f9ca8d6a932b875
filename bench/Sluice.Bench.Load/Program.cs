using System.Globalization;
using Sluice.Bench.Load;

// dotnet run -c Release --project bench/Sluice.Bench.Load [SEED]: every policy on the same arrivals.
string[] policies = ["round-robin", "weighted", "least-connections", "p2c", "latency", "session", "prefix"];
int seed = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
Console.WriteLine($"seed {seed}; times to the first token in ms on a virtual clock; hits: prompt tokens taken from a server's cache");
foreach (Trace trace in Trace.All(seed))
{
    Console.WriteLine();
    Console.WriteLine($"{trace.Name}: {trace.Requests.Count} requests, {trace.Requests.Average(request => request.PromptTokens):0} prompt tokens on average");
    Console.WriteLine($"{"policy",-26}{"mean",9}{"p50",9}{"p95",9}{"p99",9}{"hits",8}");
    foreach (string policy in policies)
        Print(Simulation.Run(trace, policy, askable: true, (ulong)seed), policy);
    Print(Simulation.Run(trace, "prefix", askable: false, (ulong)seed), "prefix, remote servers");
}

static void Print(Outcome outcome, string name) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{name,-26}{outcome.MeanFirst * 1000,9:0}{outcome.FirstPercentile(0.5) * 1000,9:0}{outcome.FirstPercentile(0.95) * 1000,9:0}" +
    $"{outcome.FirstPercentile(0.99) * 1000,9:0}{outcome.HitShare,8:P0}"));
