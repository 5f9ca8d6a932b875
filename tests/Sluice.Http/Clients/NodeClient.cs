using System.Diagnostics;
using System.Text.Json;

namespace Sluice.Http.Clients;

/// <summary>
/// Runs a scenario of tests/node against a server. Skips, visibly, where node or the packages are missing: <c>./test</c> brings both.
/// </summary>
internal static class NodeClient
{
    /// <summary>Far above what any scenario takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string Folder = Path.Combine(FindRoot(), "tests", "node");

    public static Task<JsonElement> RunAsync(Uri server, string scenario, params IEnumerable<(string Name, string Value)> environment) =>
        RunScriptAsync("openai-sdk.mjs", new Uri(server, "/v1"), scenario, environment);

    /// <param name="address">The base address as the script's client wants it.</param>
    public static async Task<JsonElement> RunScriptAsync(
        string script, Uri address, string scenario, params IEnumerable<(string Name, string Value)> environment)
    {
        bool installed = Directory.Exists(Path.Combine(Folder, "node_modules", "@anthropic-ai"));
        Assert.SkipUnless(installed, "no npm packages: run `npm ci` in tests/node, or ./test");
        var start = new ProcessStartInfo("node", [script, address.ToString(), scenario])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await Task.WhenAll(output, errors, node.WaitForExitAsync(TestContext.Current.CancellationToken)).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }
        Assert.True(node.ExitCode == 0, await errors);
        return JsonElement.Parse(await output);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sluice.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside a checkout.");
    }
}
