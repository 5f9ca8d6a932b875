using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Bench.Pipe;
using Sluice.Tests.Cli;

namespace Sluice.Golden.Pipe;

/// <summary>Compares what a process did with what a case expects. A key that is not known here is a failure: nothing goes unchecked.</summary>
internal static class PipeExpectations
{
    public static void Check(JsonElement expect, CliResult result, TimeSpan took, IReadOnlyList<FakeRequest> requests, int mostInFlight)
    {
        foreach (JsonProperty one in expect.EnumerateObject())
            CheckOne(one.Name, one.Value, result, took, requests, mostInFlight);
    }

    private static void CheckOne(
        string name, JsonElement expected, CliResult result, TimeSpan took, IReadOnlyList<FakeRequest> requests, int mostInFlight)
    {
        switch (name)
        {
            case "exit" when expected.ValueKind == JsonValueKind.Number:
                Assert.True(expected.GetInt32() == result.Code, $"exit code {result.Code}: {result.Error}");
                break;
            case "exit":
                Assert.NotEqual(0, result.Code);
                break;
            case "exit_any_of":
                Assert.Contains(expected.EnumerateArray(), code => code.ToString() == $"{result.Code}");
                break;
            case "stdout":
                Assert.Equal(expected.GetString(), result.Output);
                break;
            case "stdout_contains":
                Assert.All(Texts(expected), text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
                break;
            case "stdout_line_count":
                Assert.Equal(expected.GetInt32(), result.Output.Count(c => c == '\n'));
                break;
            case "stdout_lines":
                Assert.All(expected.EnumerateObject(), line => Assert.Equal(line.Value.GetString(), result.Output.Split('\n')[int.Parse(line.Name)]));
                break;
            case "stderr_contains":
                Assert.All(Texts(expected), text => Assert.Contains(text, result.Error, StringComparison.OrdinalIgnoreCase));
                break;
            case "stderr_contains_any":
                Assert.Contains(Texts(expected), text => result.Error.Contains(text, StringComparison.OrdinalIgnoreCase));
                break;
            case "stderr_not_contains":
                Assert.All(Texts(expected), text => Assert.DoesNotContain(text, result.Error, StringComparison.Ordinal));
                break;
            case "stderr_matches":
                Assert.All(Texts(expected), pattern => Assert.Matches(new Regex(pattern, RegexOptions.Multiline), result.Error));
                break;
            case "requests":
                PipeRequests.Check(expected, requests);
                break;
            case "server_observes":
                CheckServer(expected, requests, mostInFlight);
                break;
            case "max_seconds":
                Assert.True(took.TotalSeconds <= expected.GetDouble(), $"it took {took.TotalSeconds:0.0} s");
                break;
            case "close_stdout_after_lines" or "slow" or "note":
                break; // said to the runner, or to people
            default:
                Assert.Fail($"the case expects '{name}', which nothing checks");
                break;
        }
    }

    private static void CheckServer(JsonElement expected, IReadOnlyList<FakeRequest> requests, int mostInFlight)
    {
        foreach (JsonProperty one in expected.EnumerateObject())
        {
            if (one.Name == "max_in_flight")
            {
                Assert.InRange(mostInFlight, 0, one.Value.GetInt32());
                continue;
            }
            Assert.Equal("requests_started_within", one.Name);
            long begin = requests.Min(request => request.At);
            int started = requests.Count(request => request.At - begin <= one.Value.GetProperty("ms").GetInt32());
            Assert.InRange(started, one.Value.GetProperty("at_least").GetInt32(), int.MaxValue);
        }
    }

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString()!);
}
