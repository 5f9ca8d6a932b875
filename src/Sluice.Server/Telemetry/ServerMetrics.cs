using System.Diagnostics.Metrics;
using Sluice.Protocol.Sources;
using static Sluice.Gateway.Pools.Instruments;

namespace Sluice.Server.Telemetry;

/// <summary>The server's instruments, on the platform's own meter: whoever listens (Prometheus text here) takes them from there.</summary>
internal sealed class ServerMetrics : IDisposable
{
    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstText;
    private readonly Histogram<double> _nextText;
    private readonly Counter<long> _promptTokens;
    private readonly Counter<long> _cachedTokens;
    private readonly Counter<long> _completionTokens;

    public ServerMetrics(LiveServing serving)
    {
        _requests = Meter.CreateCounter<long>("sluice.requests", null, "Requests answered, by endpoint and status; 499: the client left.");
        _inFlight = Meter.CreateUpDownCounter<long>("sluice.requests.in_flight", null, "Requests being answered.");
        _duration = Meter.CreateTimes("sluice.request.duration", "Time from a request's headers to the end of its answer.", AnswerSeconds);
        _firstText = Meter.CreateTimes("sluice.time_to_first_token", "Time from a request to the first text of its answer.", FirstSeconds);
        _nextText = Meter.CreateTimes("sluice.inter_token", "Time between two pieces of text of one answer.", TokenSeconds);
        _promptTokens = Meter.CreateCounter<long>("sluice.prompt_tokens", null, "Prompt tokens of finished answers, cached ones included.");
        _cachedTokens = Meter.CreateCounter<long>("sluice.cached_prompt_tokens", null, "Those prompt tokens that were not computed again.");
        _completionTokens = Meter.CreateCounter<long>("sluice.completion_tokens", null, "Tokens generated for finished answers.");
        ObserveSources(serving);
        ObserveDoor(serving);
        ObserveProcess();
    }

    public Meter Meter { get; } = new("Sluice.Server");

    public void BeginRequest(string endpoint) => _inFlight.Add(1, Tag("endpoint", endpoint));

    public void EndRequest(string endpoint, string status, TimeSpan elapsed)
    {
        _inFlight.Add(-1, Tag("endpoint", endpoint));
        _requests.Add(1, Tag("endpoint", endpoint), Tag("status", status));
        _duration.Record(elapsed.TotalSeconds, Tag("endpoint", endpoint));
    }

    public void RecordFirstText(string model, TimeSpan elapsed) => _firstText.Record(elapsed.TotalSeconds, Tag("model", model));

    public void RecordNextText(string model, TimeSpan elapsed) => _nextText.Record(elapsed.TotalSeconds, Tag("model", model));

    public void CountTokens(string model, Usage usage)
    {
        _promptTokens.Add(usage.PromptTokens, Tag("model", model));
        _cachedTokens.Add(usage.CachedTokens, Tag("model", model));
        _completionTokens.Add(usage.CompletionTokens, Tag("model", model));
    }

    public void Dispose() => Meter.Dispose();

    private void ObserveDoor(LiveServing serving)
    {
        Meter.CreateObservableGauge(
            "sluice.admission.waiting", () => (long)serving.Current.Door.Waiting, null, "Requests that wait for a place in the server.");
        Meter.CreateObservableGauge("sluice.admission.places", ReadPlaces, null, "Requests that may be inside at one time, where limited.");

        IEnumerable<Measurement<long>> ReadPlaces() => serving.Current.Door.Places is { } places ? [new Measurement<long>(places)] : [];
    }

    private void ObserveSources(LiveServing serving)
    {
        ObserveLoad("sluice.source.running", "Requests that a source works on.", load => load.Running);
        ObserveLoad("sluice.source.queued", "Requests that wait for their first step in a source.", load => load.Queued);
        ObserveLoad("sluice.source.kv_blocks_used", "KV blocks that requests hold.", load => load.KvBlocksUsed);
        ObserveLoad(
            "sluice.source.kv_blocks_cached", "KV blocks that nobody holds but later requests can find.", load => load.KvBlocksCached);
        ObserveLoad("sluice.source.kv_blocks_pinned", "KV blocks, used or cached, that stay cached longest.", load => load.KvBlocksPinned);
        ObserveLoad("sluice.source.kv_blocks", "KV blocks there are.", load => load.KvBlocks);
        ObserveTotal("sluice.source.prefix_hit_tokens", "Prompt tokens taken from the prefix cache.", load => load.PrefixHitTokens);
        ObserveTotal("sluice.source.prefix_miss_tokens", "Prompt tokens that were not in the prefix cache.", load => load.PrefixMissTokens);
        ObserveTotal("sluice.source.kv_evictions", "Cached KV blocks given up for other content.", load => load.KvEvictions);
        ObserveLoad("sluice.source.kv_cold_blocks", "Cached KV blocks in the file of the second tier.", load => load.ColdBlocks);
        ObserveLoad("sluice.source.kv_cold_failed", "1 where that file failed and is not used any more.", load => load.ColdFailed ? 1 : 0);
        ObserveTotal("sluice.source.kv_cold_reads", "KV blocks read back from it.", load => load.ColdReads);
        ObserveTotal("sluice.source.kv_cold_writes", "KV blocks written to it.", load => load.ColdWrites);
        ObserveTotal("sluice.source.preemptions", "Requests put back into the queue for want of KV blocks.", load => load.Preemptions);
        ObserveTotal("sluice.source.prompt_tokens_computed", "Prompt tokens computed, also those computed again.",
            load => load.PromptTokensComputed);
        ObserveTotal("sluice.source.tokens_generated", "Tokens generated.", load => load.TokensGenerated);
        ObserveTotal("sluice.source.draft_tokens_proposed", "Tokens proposed ahead and computed.", load => load.DraftTokensProposed);
        ObserveTotal("sluice.source.draft_tokens_accepted", "Tokens proposed ahead that came true.", load => load.DraftTokensAccepted);
        ObserveLoad(
            "sluice.source.draft_failed", "1 where the draft model failed and is not asked any more.", load => load.DraftFailed ? 1 : 0);

        void ObserveLoad(string name, string help, Func<SourceLoad, long> read) =>
            Meter.CreateObservableGauge(name, () => Measure(read), null, help);

        void ObserveTotal(string name, string help, Func<SourceLoad, long> read) =>
            Meter.CreateObservableCounter(name, () => Measure(read), null, help);

        IEnumerable<Measurement<long>> Measure(Func<SourceLoad, long> read) =>
            serving.Current.Models.Reporters.Select(
                source => new Measurement<long>(read(source.Reporter.Load), Tag("source", source.Name)));
    }

    private void ObserveProcess()
    {
        Meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        Meter.CreateObservableGauge("dotnet.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed memory in use.");
        Meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time used.");
    }
}
