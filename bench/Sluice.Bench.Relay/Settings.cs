using System.Globalization;

namespace Sluice.Bench.Relay;

/// <summary>What the command line says.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="Seconds">Of each round of each way.</param>
/// <param name="Connections">Each sends its share of the rate.</param>
/// <param name="Sluice">The executable.</param>
internal sealed record Settings(int Rate, int Seconds, int Rounds, int Connections, string Sluice)
{
    public static Settings Parse(string[] args)
    {
        var values = new Dictionary<string, string>();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new ArgumentException($"'{args[i]}': options are --rate, --seconds, --rounds, --connections and --sluice, each with a value.");
            values[args[i][2..]] = args[i + 1];
        }
        return new Settings(Number("rate", 2000), Number("seconds", 5), Number("rounds", 3), Number("connections", 64), values.GetValueOrDefault("sluice", "./sluice"));

        int Number(string name, int otherwise) =>
            values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
