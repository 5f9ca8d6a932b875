namespace Sluice.Pipe.Flow;

/// <summary>
/// Puts finished records back into input order. It is apart from the records in flight, so that one slow record holds up nobody: what has
/// ended behind it waits here, in memory and then on disk. Bounded: where it is full no further record may begin.
/// </summary>
/// <param name="first">The first number.</param>
internal sealed class ReorderWindow(WindowLimits limits, long first = 1) : IDisposable
{
    // Beside its bytes each array has a header and each slot a place.
    private const int OverheadBytes = 32;
    private const int FirstSlots = 1024;

    private readonly Lock _lock = new();
    private readonly SpillFile _spill = new(limits.Folder);
    private readonly Signal _ready = new();
    private readonly Signal _room = new();
    private readonly Queue<ReadOnlyMemory<byte>> _parts = new(); // of the next record
    private Slot[] _slots = new Slot[FirstSlots];
    private long _next = first;
    private int _waiting;
    private long _memory;
    private bool _complete;

    private enum SlotState : byte
    {
        Empty,
        InMemory,
        OnDisk,
    }

    /// <summary>Records that have ended and wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting;
        }
    }

    /// <summary>Waits until the record of that number may begin.</summary>
    public async ValueTask WaitForRoomAsync(long number, CancellationToken cancellation)
    {
        while (!HasRoom(number))
            await _room.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a record that has ended. Every number from the first on comes once.</summary>
    /// <exception cref="PipeException">It has to go to disk, and that fails.</exception>
    public void Add(long number, in FinishedRecord finished)
    {
        lock (_lock)
        {
            while (number - _next >= _slots.Length)
                Grow();
            Place(number) = Keep(finished);
            _waiting++;
            if (number != _next)
                return;
        }
        _ready.Set();
    }

    /// <summary>Whether all records before that one have gone out.</summary>
    public bool IsNext(long number)
    {
        lock (_lock)
            return number == _next;
    }

    /// <summary>Takes the beginning of a record that has not ended, where it is its turn; else it does not, and that is false.</summary>
    public bool AddPart(long number, ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (number != _next)
                return false;
            _parts.Enqueue(bytes);
        }
        _ready.Set();
        return true;
    }

    /// <summary>No record comes any more.</summary>
    public void Complete()
    {
        lock (_lock)
            _complete = true;
        _ready.Set();
    }

    /// <summary>Waits until the next record in order has ended; false where no record comes any more.</summary>
    public async ValueTask<bool> WaitForNextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_parts.Count > 0 || Place(_next).State != SlotState.Empty)
                    return true;
                if (_complete)
                    return false;
            }
            await _ready.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The next record in order, where it has ended; before that its parts.</summary>
    public bool TryTake(out long number, out FinishedRecord finished)
    {
        lock (_lock)
        {
            ref Slot slot = ref Place(_next);
            number = _next;
            finished = default;
            if (_parts.TryDequeue(out ReadOnlyMemory<byte> part))
            {
                finished = new FinishedRecord(part, Failed: false, IsPart: true);
                return true;
            }
            if (slot.State == SlotState.Empty)
                return false;
            ReadOnlyMemory<byte> bytes = slot.State == SlotState.OnDisk ? _spill.Take(slot.At, slot.Length) : slot.Bytes;
            if (slot.State == SlotState.InMemory)
                _memory -= bytes.Length + OverheadBytes;
            finished = new FinishedRecord(bytes, slot.Failed);
            slot = default;
            _next++;
            _waiting--;
        }
        _room.Set();
        return true;
    }

    public void Dispose() => _spill.Dispose();

    private bool HasRoom(long number)
    {
        lock (_lock)
        {
            bool readerIsSlow = Place(_next).State != SlotState.Empty && _waiting > limits.Backlog;
            return number - _next < limits.Records && !readerIsSlow && _spill.Bytes < limits.DiskBytes;
        }
    }

    private Slot Keep(in FinishedRecord finished)
    {
        if (_memory + finished.Bytes.Length + OverheadBytes > limits.MemoryBytes && !finished.Bytes.IsEmpty)
        {
            return new Slot
            {
                State = SlotState.OnDisk, Failed = finished.Failed, At = _spill.Write(finished.Bytes.Span), Length = finished.Bytes.Length,
            };
        }
        _memory += finished.Bytes.Length + OverheadBytes;
        return new Slot { State = SlotState.InMemory, Failed = finished.Failed, Bytes = finished.Bytes };
    }

    private ref Slot Place(long number) => ref _slots[number & (_slots.Length - 1)];

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        for (long number = _next; number < _next + _slots.Length; number++)
            larger[number & (larger.Length - 1)] = Place(number);
        _slots = larger;
    }

    private struct Slot
    {
        public ReadOnlyMemory<byte> Bytes;
        public long At;
        public int Length;
        public SlotState State;
        public bool Failed;
    }
}
