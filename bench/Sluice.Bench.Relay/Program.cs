using System.Globalization;
using Sluice.Bench.Relay;

// What a hop costs: the same requests to a canned upstream, straight, through nginx, a bare relay, Portkey and Sluice.
// dotnet run -c Release --project bench/Sluice.Bench.Relay -- --sluice PATH[,PATH] [--portkey FOLDER] [--parts latency,throughput,stream,streams]
//   [--rate 2000] [--large-rate 400] [--seconds 5] [--rounds 3] [--warm 10] [--connections 64] [--streams 5000]
// FOLDER is where `npm install @portkey-ai/gateway` was run; without it, and without nginx, those are left out.
try
{
    switch (args)
    {
        case ["upstream", var port]:
            await CannedUpstream.RunAsync(Number(port));
            return 0;
        case ["relay", var port, var upstream]:
            await BareRelay.RunAsync(Number(port), Number(upstream));
            return 0;
        default:
            return await Comparison.RunAsync(Settings.Parse(args));
    }
}
catch (Exception fault) when (fault is ArgumentException or IOException or InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
