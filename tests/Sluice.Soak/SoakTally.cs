using System.Collections.Concurrent;
using System.Net;

namespace Sluice.Soak;

/// <summary>Counts what became of the requests.</summary>
internal sealed class SoakTally
{
    private readonly ConcurrentDictionary<SoakKind, long> _sent = new();
    private readonly ConcurrentDictionary<(SoakKind Kind, HttpStatusCode? Status), long> _ended = new();

    public long Sent => _sent.Values.Sum();

    public long Ended => _ended.Values.Sum();

    public void CountSent(SoakKind kind) => _sent.AddOrUpdate(kind, 1, (_, count) => count + 1);

    /// <param name="status">Null where the client left before there was one, or in the middle.</param>
    public void CountEnded(SoakKind kind, HttpStatusCode? status) => _ended.AddOrUpdate((kind, status), 1, (_, count) => count + 1);

    public long CountOf(SoakKind kind, HttpStatusCode? status) => _ended.GetValueOrDefault((kind, status));

    /// <summary>Endings that no request of its kind may have.</summary>
    public IEnumerable<string> Unexpected() =>
        from entry in _ended
        let expected = entry.Key.Kind switch
        {
            SoakKind.TooLong => HttpStatusCode.BadRequest,
            SoakKind.LeftMidway or SoakKind.LeftAtOnce => (HttpStatusCode?)null,
            _ => HttpStatusCode.OK,
        }
        where entry.Key.Status != expected && entry.Key.Status != HttpStatusCode.TooManyRequests
        select $"{entry.Value} x {entry.Key.Kind}: {entry.Key.Status}";

    public override string ToString() => string.Join(", ",
        from entry in _ended
        orderby entry.Key.Kind, entry.Key.Status
        select $"{entry.Key.Kind} {entry.Key.Status?.ToString() ?? "left"}: {entry.Value}");
}
