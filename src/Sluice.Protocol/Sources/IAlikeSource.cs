namespace Sluice.Protocol.Sources;

/// <summary>
/// A source among alike ones, such as replicas of one model: what one of them prepared, each can look at and complete. So a prompt is
/// tokenised once, however many of them are compared.
/// </summary>
public interface IAlikeSource : ISource
{
    /// <summary>Equal for sources that are alike, and for no others.</summary>
    object Family { get; }

    /// <summary>What a request that one of the family prepared would meet here, now.</summary>
    Outlook Look(Prepared prepared);
}
