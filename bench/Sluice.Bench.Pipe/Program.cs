using System.Globalization;
using Sluice.Bench.Pipe;

// A fake OpenAI-compatible server for measuring `sluice pipe`: prints its port, serves until standard input ends, then prints what it saw.
// fake-server [--delay MIN-MAX] [--stragglers EVERY:SECONDS] [--storm AFTER:MILLISECONDS] [--reset SHARE] [--seed N]
var script = BenchScript.Parse(args);
await using var server = new FakeServer(script.Answer);
Console.WriteLine(server.Port.ToString(CultureInfo.InvariantCulture));
await Console.In.ReadToEndAsync();
Console.WriteLine(script.Sum(server.MostInFlight));
