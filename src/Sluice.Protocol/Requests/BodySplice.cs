namespace Sluice.Protocol.Requests;

/// <summary>One change to a body that is otherwise forwarded byte for byte.</summary>
/// <param name="Start">First byte that is replaced.</param>
/// <param name="Length">Bytes that are replaced; 0 where something is put in.</param>
/// <param name="Text">What stands there instead.</param>
public readonly record struct BodySplice(int Start, int Length, ReadOnlyMemory<byte> Text);
