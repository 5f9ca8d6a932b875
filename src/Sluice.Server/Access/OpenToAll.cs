namespace Sluice.Server.Access;

/// <summary>Marks an endpoint that needs no key.</summary>
internal sealed class OpenToAll
{
    public static readonly OpenToAll Mark = new();
}
