using Sluice.Core.Errors;
using Sluice.Engine.Requests;

namespace Sluice.Engine.Kv;

/// <summary>
/// The second tier: a file of slots, each as large as a block of its KV group, for cached blocks that memory has no room for. All its space
/// is taken when it is made, so that a full disk shows then; where all slots are taken the one used longest ago is overwritten. The file
/// has no name once it is open, where the system allows that, and ends with the engine. For the engine's thread.
/// </summary>
internal sealed class ColdBlocks : IDisposable
{
    /// <summary>More would fill a disk of terabytes with real blocks, and memory with what is known of tiny ones.</summary>
    private const int MostSlots = 1 << 24;

    private readonly FileStream _file;
    private readonly IBlockBytes _blocks;
    private readonly BlockPool[] _slots;
    private readonly long[] _begins;
    private readonly byte[][] _buffers;
    private long _written;
    private long _read;

    /// <param name="bytes">Most bytes of the file.</param>
    /// <param name="blockBytes">Bytes of a block of each KV group.</param>
    /// <exception cref="SluiceException">The file cannot be made, or would not hold a block of each group.</exception>
    public ColdBlocks(string folder, long bytes, ReadOnlySpan<long> blockBytes, IBlockBytes blocks)
    {
        _blocks = blocks;
        _slots = new BlockPool[blockBytes.Length];
        _begins = new long[blockBytes.Length];
        _buffers = new byte[blockBytes.Length][];
        long blocksBytes = 0;
        foreach (long size in blockBytes)
            blocksBytes += size;
        int slots = (int)Math.Min(MostSlots, bytes / blocksBytes);
        if (slots == 0)
            throw new SluiceException($"a KV cache file of {bytes} bytes does not hold one block of {blocksBytes}: allow it more");
        long begin = 0;
        for (int g = 0; g < blockBytes.Length; g++, begin += blockBytes[g - 1] * slots)
        {
            _slots[g] = new BlockPool(slots);
            _begins[g] = begin;
            _buffers[g] = new byte[blockBytes[g]];
        }
        _file = Open(folder, begin);
    }

    /// <summary>Whether it can be used; false once the file failed, after which it is left alone.</summary>
    public bool Works { get; private set; } = true;

    public ColdLoad Load => new(_slots.Sum(slots => slots.CachedBlocks), _written, _read, !Works);

    /// <summary>The slots of each KV group; those with content are free ones, which is what keeps them in the order of their use.</summary>
    public BlockPool Slots(int group) => _slots[group];

    /// <summary>Writes a block's content to a slot; false where the file failed.</summary>
    public bool TryWrite(int group, int block, int slot)
    {
        _blocks.SaveBlock(group, block, _buffers[group]);
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _buffers[group], Place(group, slot));
            _written++;
        }
        catch (IOException)
        {
            Works = false; // shown in the load; without the file everything runs on as if there were none
        }
        return Works;
    }

    /// <summary>Reads a slot's content into a block; false where the file failed.</summary>
    public bool TryRead(int group, int slot, int block)
    {
        try
        {
            if (RandomAccess.Read(_file.SafeFileHandle, _buffers[group], Place(group, slot)) != _buffers[group].Length)
                Works = false;
        }
        catch (IOException)
        {
            Works = false;
        }
        if (!Works)
            return false;
        _blocks.LoadBlock(group, block, _buffers[group]);
        _read++;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private long Place(int group, int slot) => _begins[group] + (long)slot * _buffers[group].Length;

    private static FileStream Open(string folder, long bytes)
    {
        string path = Path.Combine(folder, $"sluice-kv-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, PreallocationSize = bytes,
            };
            if (OperatingSystem.IsWindows())
                return new FileStream(path, WithDeletion(options));
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it holds what users wrote
            var file = new FileStream(path, options);
            File.Delete(path);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                $"a KV cache file of {bytes / 1048576.0:F1} MiB cannot be made in '{folder}': {e.Message}; " +
                "name another folder or fewer bytes", e);
        }
    }

    private static FileStreamOptions WithDeletion(FileStreamOptions options)
    {
        options.Options = FileOptions.DeleteOnClose;
        return options;
    }
}
