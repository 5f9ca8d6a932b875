namespace Sluice.Bench.Pipe;

/// <summary>How the bytes of a reply fare.</summary>
internal enum FakeTransport
{
    Whole,

    /// <summary>The connection is reset before a byte of the reply.</summary>
    Reset,

    /// <summary>It is closed after half of the body.</summary>
    CloseMidBody,
}
