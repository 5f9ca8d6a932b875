using Sluice.Engine.Kv;

namespace Sluice.Engine.Adapters;

/// <summary>
/// An adapter that is attached to the engine's model, as requests see it. One attaching is one object, so that what was computed through an
/// adapter is never taken for what another one computes that came to its number later. Safe from any thread.
/// </summary>
public sealed class EngineAdapter
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _users;
    private bool _closed;
    private volatile bool _ended;

    /// <param name="number">By which the model's batches name it.</param>
    /// <param name="name">Its name; with <paramref name="generation"/> it goes into the hashes of its prompts' blocks.</param>
    /// <param name="generation">How many of that name were attached before.</param>
    public EngineAdapter(int number, string name, int generation)
    {
        Number = number;
        Identity = BlockHash.Next(BlockHash.Seed(name), (ReadOnlySpan<int>)[generation]);
    }

    internal int Number { get; }

    /// <summary>Goes into the hashes of its prompts' blocks.</summary>
    internal ulong Identity { get; }

    /// <summary>Whether its requests have had their time; the engine ends those it still has.</summary>
    internal bool Ended => _ended;

    /// <summary>Counts one more computation; false where it takes no more.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _users++;
            return true;
        }
    }

    internal void Leave()
    {
        lock (_gate)
        {
            if (--_users == 0 && _closed)
                _unused.TrySetResult();
        }
    }

    /// <summary>Takes no more; the task ends when the last one has left.</summary>
    internal Task Close()
    {
        lock (_gate)
        {
            _closed = true;
            if (_users == 0)
                _unused.TrySetResult();
            return _unused.Task;
        }
    }

    internal void End() => _ended = true;
}
