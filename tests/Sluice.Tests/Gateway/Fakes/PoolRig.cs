using System.Text;
using Sluice.Gateway;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Pools;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Gateway.Fakes;

/// <summary>A gateway over fake sources on a virtual clock.</summary>
internal sealed class PoolRig : IAsyncDisposable
{
    private readonly Dictionary<string, FakeSource> _sources = [];

    private PoolRig(params string[] sources)
    {
        foreach (string name in sources)
            _sources.Add(name, new FakeSource(name, Time));
    }

    public VirtualTime Time { get; } = new();

    public PoolMetrics Metrics { get; } = new();

    public LiveGateway Gateway { get; private set; } = null!;

    public FakeSource this[string name] => _sources[name];

    public PoolSource Pool => Gateway.Current.Pools[0];

    /// <param name="pool">Further keys of the pool, each on a line of its own.</param>
    /// <param name="hedge">What no key of a file can say; null for nothing.</param>
    public static async Task<PoolRig> StartAsync(
        string[] sources, string pool = "", string more = "", string perSource = "", HedgeConfig? hedge = null)
    {
        var rig = new PoolRig(sources);
        GatewayConfig config = Config(sources, pool, more, perSource);
        if (hedge is not null)
            config = config with { Pools = [.. config.Pools.Select(one => one with { Hedge = hedge })] };
        rig.Gateway = await LiveGateway.StartAsync(
            config, (source, _) => Task.FromResult<ISourceHost>(rig._sources[source.Name]),
            rig.Metrics, rig.Time, new Chance(7), TestContext.Current.CancellationToken);
        return rig;
    }

    public static GatewayConfig Config(string[] sources, string pool = "", string more = "", string perSource = "")
    {
        var text = new StringBuilder("sources:\n");
        foreach (string name in sources)
            text.Append($"  - {{ name: {name}, kind: openai, url: 'http://x', models: {{ m: m }}{perSource} }}\n");
        text.Append("pools:\n  - name: chat\n");
        foreach (string line in pool.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append($"    {line}\n");
        text.Append("    members:\n");
        foreach (string name in sources.Where(name => name != "backup"))
            text.Append($"      - {{ source: {name}, tags: [{name}] }}\n");
        return GatewayConfig.Parse("rig.yaml", text.Append(more).ToString());
    }

    public Task<string> AskAsync(bool stream = false) => AskUntilAsync(stream, TestContext.Current.CancellationToken);

    public Task<string> AskUntilAsync(bool stream, CancellationToken cancellation) => AskAsync(Pool, stream, cancellation);

    public static Task<string> AskAsync(PoolSource pool) => AskAsync(pool, stream: false, TestContext.Current.CancellationToken);

    private static async Task<string> AskAsync(PoolSource pool, bool stream, CancellationToken cancellation)
    {
        using Prepared prepared = await pool.PrepareAsync(Chat("hello", stream), new RequestContext("r"), cancellation);
        var text = new StringBuilder();
        await foreach (CompletionEvent e in pool.CompleteAsync(prepared, cancellation))
            text.Append(e.Text);
        return text.ToString();
    }

    /// <summary>
    /// Runs the clock until the answer is there, for ten minutes at most: long beside every delay of a pool, short beside a source that hangs
    /// (an hour). A bound of few seconds would be one on this machine's threads too, which the clock may run ahead of.
    /// </summary>
    public async Task<T> RunAsync<T>(Task<T> answer)
    {
        for (int step = 0; step < 6000 && !answer.IsCompleted; step++)
        {
            await Time.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            if (step > 20)
                await Task.Delay(1, TestContext.Current.CancellationToken); // threads that have not got a core yet may catch up
        }
        Assert.True(answer.IsCompleted, "the request hangs");
        return await answer;
    }

    /// <summary>Waits, in real time, for what others do after the answer is there: a loser that stops, a lease that is given back.</summary>
    /// <exception cref="TimeoutException">It did not come to pass in half a minute.</exception>
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (int wait = 0; !condition(); wait++)
        {
            if (wait == 3000)
                throw new TimeoutException("what the test waits for did not come to pass");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Request Chat(string text, bool stream = false) => new(
        Encoding.UTF8.GetBytes(
            $$"""{"model":"chat","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}"""),
        new OpenAiChatDialect());

    public async ValueTask DisposeAsync()
    {
        Task closed = Gateway.DisposeAsync().AsTask();
        while (!closed.IsCompleted)
            await Time.AdvanceAsync(TimeSpan.FromMinutes(1)); // what a failed test left behind ends at its time limit
        await closed;
        Metrics.Dispose();
    }
}
