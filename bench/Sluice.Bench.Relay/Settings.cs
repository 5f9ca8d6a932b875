using System.Globalization;

namespace Sluice.Bench.Relay;

/// <summary>What the command line says.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="LargeRate">The same of those with a large body.</param>
/// <param name="Seconds">Of each round of each way.</param>
/// <param name="Warm">Seconds that each way has before it is measured: the runtime compiles what is used much anew, in the background.</param>
/// <param name="Connections">Each sends its share of the rate.</param>
/// <param name="Streams">How many are open at one time where memory is measured.</param>
/// <param name="Sluice">Executables; several stand side by side, such as before and after a change.</param>
/// <param name="Portkey">The folder that it was installed in; null leaves it out.</param>
/// <param name="Parts">What is measured.</param>
/// <param name="Bodies">Bytes of the requests whose latency is measured.</param>
internal sealed record Settings(
    int Rate, int LargeRate, int Seconds, int Rounds, int Warm, int Connections, int Streams,
    string[] Sluice, string? Portkey, string[] Parts, int[] Bodies)
{
    private static readonly string[] AllParts = ["latency", "throughput", "stream", "streams"];
    private static readonly string[] Options =
        ["rate", "large-rate", "seconds", "rounds", "warm", "connections", "streams", "sluice", "portkey", "parts", "bodies"];

    public static Settings Parse(string[] args)
    {
        var values = new Dictionary<string, string>();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !Options.Contains(args[i][2..]) || i + 1 == args.Length)
                throw new ArgumentException($"'{args[i]}': options are --{string.Join(", --", Options)}, each with a value.");
            values[args[i][2..]] = args[i + 1];
        }
        string[] parts = values.TryGetValue("parts", out string? list) ? list.Split(',') : AllParts;
        if (parts.FirstOrDefault(part => !AllParts.Contains(part)) is { } unknown)
            throw new ArgumentException($"'{unknown}': parts are {string.Join(", ", AllParts)}.");
        return new Settings(
            Number("rate", 2000), Number("large-rate", 400), Number("seconds", 5), Number("rounds", 3), Number("warm", 10),
            Number("connections", 64), Number("streams", 5000),
            values.GetValueOrDefault("sluice", "./sluice").Split(','), values.GetValueOrDefault("portkey"), parts,
            [.. values.GetValueOrDefault("bodies", "1000,300000").Split(',').Select(bytes => int.Parse(bytes, CultureInfo.InvariantCulture))]);

        int Number(string name, int otherwise) =>
            values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
