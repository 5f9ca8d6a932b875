namespace Sluice.Pipe.Records;

/// <summary>The words of a text by number, as awk counts them; it has no names.</summary>
internal sealed class WordFields(string text) : IRecordFields
{
    private string[]? _words;

    public string? Find(string name) => null;

    public string? Find(int number)
    {
        _words ??= text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return number >= 1 && number <= _words.Length ? _words[number - 1] : null;
    }
}
