namespace Sluice.Pipe.Flow;

/// <summary>Shows answers while they are being written. From any thread; of one record the calls come in turn.</summary>
internal interface ILiveOutput
{
    void Add(long record, string piece);

    /// <summary>The record has ended.</summary>
    /// <param name="bytes">What it adds to the output.</param>
    /// <returns>What of that is still to be written.</returns>
    ReadOnlyMemory<byte> End(long record, ReadOnlyMemory<byte> bytes);
}
