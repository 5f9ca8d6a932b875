using Sluice.Bench.Relay;

// What a hop costs: the same requests at a fixed rate to a canned upstream, straight, through nginx where there is one, and through Sluice.
// dotnet run -c Release --project bench/Sluice.Bench.Relay -- [--rate 2000] [--seconds 5] [--rounds 3] [--connections 64] [--sluice PATH]
if (args is ["upstream", var port])
{
    await CannedUpstream.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}
try
{
    return await Comparison.RunAsync(Settings.Parse(args));
}
catch (Exception fault) when (fault is ArgumentException or IOException or InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
