using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Pools;

/// <summary>A member cannot answer such a request; another one may. Nothing was sent.</summary>
internal sealed class UnableException(InvalidRequestException reason) : Exception(reason.Message, reason)
{
    /// <summary>What the client is told where no other member can.</summary>
    public InvalidRequestException Reason => reason;
}
