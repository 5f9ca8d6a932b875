namespace Sluice.Cli.Peers;

/// <summary>One run of the peer and the run of ours that followed it.</summary>
/// <param name="Load">How many processors of the machine were busy just before it; null where the system does not say.</param>
internal sealed record PeerPair(double? Load, PeerSpeed Peer, PeerSpeed Ours)
{
    public bool WasQuiet => Load is null or < MachineLoad.Quiet;
}
