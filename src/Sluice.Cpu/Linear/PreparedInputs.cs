using Sluice.Cpu.Memory;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu.Linear;

/// <summary>
/// The inputs of one parallel region in the forms its kernels want. An input is prepared once per form, however many products read it.
/// </summary>
internal sealed unsafe class PreparedInputs(WorkerPool pool, Scratch scratch) : Job
{
    /// <summary>Below this many elements preparing costs less than sharing it.</summary>
    private const long WorthSharing = 1 << 15;

    private readonly List<Entry> _entries = [];
    private long _bytes;
    private byte* _base;
    private Operand _current;
    private InputForm? _form;

    public void Clear()
    {
        _entries.Clear();
        _bytes = 0;
    }

    /// <summary>Asks for an operand in a form (null: as it is); the answer goes to <see cref="Get"/>.</summary>
    public int Request(in Operand operand, InputForm? form)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Form == form && _entries[i].Operand.X == operand.X && _entries[i].Operand.Rows == operand.Rows)
                return i;
        }
        _entries.Add(new Entry(operand, form, _bytes));
        _bytes += ((form?.BytesFor(operand.Rows, operand.Cols) ?? 0) + 63) & ~63L;
        return _entries.Count - 1;
    }

    /// <summary>Prepares all that was requested.</summary>
    public void Prepare()
    {
        _base = scratch.Take(_bytes);
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Form is not { } form)
                continue;
            _form = form;
            _current = Get(i);
            int units = form.UnitsFor(_current.Rows);
            bool shared = (long)_current.Rows * _current.Cols >= WorthSharing;
            pool.Run(this, units, shared ? Math.Max(1, units / (pool.Threads * 4)) : units);
        }
    }

    public Operand Get(int request)
    {
        var entry = _entries[request];
        var operand = entry.Operand;
        operand.Prepared = entry.Form is null ? null : _base + entry.Offset;
        return operand;
    }

    public override void Run(int worker, int start, int end) => _form!.Prepare(_current, start, end);

    private readonly record struct Entry(Operand Operand, InputForm? Form, long Offset);
}
