using System.Collections.Immutable;

namespace Sluice.Server;

/// <summary>Holds what is served now. Each request takes it once, so that it is answered by one configuration.</summary>
internal sealed class LiveServing(Serving first)
{
    private volatile Serving _current = first;
    private ImmutableArray<string> _secrets = [.. first.Secrets.Distinct()];

    public Serving Current
    {
        get => _current;
        set
        {
            ImmutableInterlocked.Update(ref _secrets, static (known, more) => [.. known.Union(more)], value.Secrets);
            _current = value;
        }
    }

    /// <summary>Texts that no log may show. Those of before stay among them: what was sent with one may still fail and be told.</summary>
    public ReadOnlySpan<string> Secrets => _secrets.AsSpan(); // the array is swapped whole, and looked through for every logged text

    /// <summary>What is served now, kept from ending until <see cref="Exit"/>.</summary>
    /// <exception cref="InvalidOperationException">Nothing is any more.</exception>
    public Serving Enter()
    {
        Serving serving = _current;
        while (serving.Gateway?.TryHold() == false)
        {
            Serving next = _current; // the other ended long after this one took its place
            if (ReferenceEquals(next, serving))
                throw new InvalidOperationException("The gateway was closed before the server was.");
            serving = next;
        }
        return serving;
    }

    public static void Exit(Serving serving) => serving.Gateway?.LetGo();
}
