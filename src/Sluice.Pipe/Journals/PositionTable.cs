using System.Runtime.InteropServices;

namespace Sluice.Pipe.Journals;

/// <summary>
/// Where in a journal each record's answer is, by number: a file addressed directly, of which one block is in memory. Numbers come
/// nearly in order, so blocks change seldom, and memory does not grow with the journal. Gone at the end. Not for several threads.
/// </summary>
internal sealed class PositionTable(string folder) : IDisposable
{
    private const int BlockEntries = 8192;

    // Positions from 1, so that 0 is none.
    private readonly long[] _block = new long[BlockEntries];
    private FileStream? _file;
    private long _loaded = -1;
    private bool _changed;

    public void Set(long number, long position)
    {
        Load((number - 1) / BlockEntries);
        _block[(number - 1) % BlockEntries] = position + 1;
        _changed = true;
    }

    /// <summary>Where the answer is; null where there is none.</summary>
    public long? Find(long number)
    {
        Load((number - 1) / BlockEntries);
        long found = _block[(number - 1) % BlockEntries];
        return found == 0 ? null : found - 1;
    }

    public void Dispose() => _file?.Dispose();

    private void Load(long block)
    {
        if (block == _loaded)
            return;
        _file ??= new FileStream(Path.Combine(folder, $"sluice-journal-{Guid.NewGuid():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        });
        Span<byte> bytes = MemoryMarshal.AsBytes(_block.AsSpan());
        if (_changed)
            RandomAccess.Write(_file.SafeFileHandle, bytes, _loaded * bytes.Length);
        bytes.Clear();
        for (int read = 0, count = 1; read < bytes.Length && count > 0; read += count)
            count = RandomAccess.Read(_file.SafeFileHandle, bytes[read..], block * bytes.Length + read);
        _loaded = block;
        _changed = false;
    }
}
