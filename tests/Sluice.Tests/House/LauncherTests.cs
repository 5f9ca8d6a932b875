using System.Diagnostics;

namespace Sluice.Tests.House;

/// <summary>The launcher at the repository's root, in a checkout of its own with an SDK, a network and a CLI that are shell scripts.</summary>
public sealed class LauncherTests : IDisposable
{
    /// <summary>An SDK of version $FAKE_SDK whose publish puts a CLI that shows its arguments and ends with code 7.</summary>
    private const string FakeDotnet = """
        #!/bin/bash
        case "$1" in
          --version) [ -n "$FAKE_SDK" ] && echo "$FAKE_SDK" ;;
          --list-runtimes) echo "Microsoft.NETCore.App 10.0.1 [$FAKE_ROOT/shared/Microsoft.NETCore.App]" ;;
          publish)
            echo build >>"$FAKE_LOG"
            [ -z "$FAKE_BROKEN" ] || { echo "Program.cs(1,1): error CS0000: no"; exit 1; }
            while [ "$1" != -o ]; do shift; done
            mkdir -p "$2"
            sleep 0.2
            printf '#!/bin/bash\necho "pid $$ root $DOTNET_ROOT args $* home ${HOME-none}"\nexit 7\n' >"$2/sluice"
            chmod +x "$2/sluice" ;;
        esac
        """;

    private const string FakeCurl = """
        #!/bin/bash
        [ -n "$FAKE_NETWORK" ] || exit 6
        while [ "$1" != -o ]; do shift; done
        echo 'while [ "$1" != --install-dir ]; do shift; done; FAKE_SDK=; cp "$FAKE_BIN/dotnet" "$2/dotnet"; sed -i "s/\$FAKE_SDK/10.0.100/g" "$2/dotnet"' >"$2"
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("sluice-launcher-").FullName;
    private readonly string _bin;

    public LauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the launcher is a shell script");
        _bin = Directory.CreateDirectory(Path.Combine(_root, "fake-bin")).FullName;
        foreach (string folder in new[] { "src/Sluice.Cli", "models", "scripts" })
            Directory.CreateDirectory(Path.Combine(_root, folder));
        foreach (string file in new[] { "sluice", "scripts/dotnet.sh", "global.json", "Directory.Build.props" })
            File.Copy(Path.Combine(Checkout.Root, file), Path.Combine(_root, file));
        WriteScript("dotnet", FakeDotnet);
        WriteScript("curl", FakeCurl);
        File.WriteAllText(Path.Combine(_root, "src/Sluice.Cli/Program.cs"), "// source");
    }

    private string Log => Path.Combine(_root, "builds.log");

    private int Builds => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Launcher_FirstUse_BuildsThenBecomesTheCli()
    {
        var (code, output, error, pid) = await RunAsync(["run", "-p", "two words"]);
        Assert.Equal(7, code);
        Assert.StartsWith($"pid {pid} root {_root} args run -p two words", output, StringComparison.Ordinal);
        Assert.Equal("building sluice …\n", error);
    }

    [Fact]
    public async Task Launcher_NothingChanged_DoesNotBuildAgain()
    {
        await RunAsync([]);
        var (_, _, error, _) = await RunAsync([]);
        Assert.Equal("", error);
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Launcher_SourceChanged_BuildsAgain()
    {
        await RunAsync([]);
        File.SetLastWriteTime(Path.Combine(_root, "src/Sluice.Cli/Program.cs"), DateTime.Now.AddSeconds(2));
        await RunAsync([]);
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task Launcher_TwoAtOnce_BuildOnce()
    {
        var both = await Task.WhenAll(RunAsync([]), RunAsync([]));
        Assert.All(both, one => Assert.Equal(7, one.Code));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Launcher_BuildFails_ShowsTheErrorsAndEndsWith1()
    {
        var (code, output, error, _) = await RunAsync([], ("FAKE_BROKEN", "1"));
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains("error CS0000", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launcher_OldSdkOnPath_InstallsOneIntoTheCheckout()
    {
        var (code, _, error, _) = await RunAsync([], ("FAKE_SDK", "8.0.100"), ("FAKE_NETWORK", "1"));
        Assert.Equal(7, code);
        Assert.Contains("installing the .NET 10 SDK into .dotnet", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_root, ".dotnet/dotnet")));
    }

    [Fact]
    public async Task Launcher_NoSdkAndNoNetwork_SaysWhatToDo()
    {
        var (code, _, error, _) = await RunAsync([], ("FAKE_SDK", ""));
        Assert.Equal(1, code);
        Assert.Contains("cannot be fetched: install the SDK", error, StringComparison.Ordinal);
        Assert.Equal(0, Builds);
    }

    [Fact]
    public async Task Launcher_HomeUnset_BuildsAndLeavesItUnset()
    {
        var (code, output, _, _) = await RunAsync([], ("HOME", null));
        Assert.Equal(7, code);
        Assert.Contains("home none", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error, int Pid)> RunAsync(string[] args, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(_root, "sluice"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["PATH"] = $"{_bin}:{start.Environment["PATH"]}";
        start.Environment["FAKE_SDK"] = "10.0.100";
        start.Environment["FAKE_ROOT"] = _root;
        start.Environment["FAKE_BIN"] = _bin;
        start.Environment["FAKE_LOG"] = Log;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error, process.Id);
    }

    private void WriteScript(string name, string text)
    {
        string path = Path.Combine(_bin, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
