namespace Sluice.Local.Answers;

/// <summary>Ids for calls to which the model gave none.</summary>
internal static class ToolCallId
{
    // Mistral's templates refuse any other length.
    private const int ShortLength = 9;

    public static string New(bool isShort)
    {
        string unique = Guid.CreateVersion7().ToString("N");
        return isShort ? unique[^ShortLength..] : "call_" + unique;
    }
}
