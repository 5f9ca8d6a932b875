using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Streams;
using Sluice.Gateway.Admission;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice admin keys new</c>: a key, shown this once, and the line by which a configuration knows it.</summary>
internal static class NewKeyCommand
{
    private static readonly string[] Roles = ["developer", "viewer", "operator", "admin"];

    public static Command Create(Terminal terminal)
    {
        var name = new Option<string>("--name") { Description = "What logs and metrics call it.", HelpName = "NAME", DefaultValueFactory = _ => "app" };
        var role = new Option<string>("--role") { Description = "What it may do.", DefaultValueFactory = _ => Roles[0] };
        role.AcceptOnlyFromAmong(Roles);
        var days = new Option<int?>("--days") { Description = "Days until it expires; without it, it never does.", HelpName = "N" };
        var command = new CliCommand("new",
            "Makes a key for a client: the key on stdout, once, and on stderr the line for the configuration, which holds only its hash.",
            "sluice admin keys new", "sluice admin keys new --name reports --role viewer --days 90")
        { name, role, days };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(name)!, parsed.GetValue(role)!, parsed.GetValue(days)));
        return command;
    }

    private static int Run(Terminal terminal, string name, string role, int? days)
    {
        if (days is < 1 or > 36500)
            throw new UsageException("--days takes a whole number from 1 to 36500.");
        ApiKey key = ApiKey.Create();
        string expires = days is { } count
            ? $", expires: {TimeProvider.System.GetUtcNow().AddDays(count).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "";
        terminal.Write($"{key.Text}\n");
        terminal.Error.WriteLine("keep it: it is not shown again. For the configuration, under 'keys:':");
        terminal.Error.WriteLine($"  - {{ name: {name}, role: {role}, hash: \"{key.Hash}\"{expires} }}");
        return ExitCode.Done;
    }
}
