namespace Sluice.Pipe.Records;

/// <summary>The values of a row under the names of the first row.</summary>
public sealed class ColumnFields(IReadOnlyList<string> header, IReadOnlyList<string> values) : IRecordFields
{
    public IReadOnlyList<string> Header { get; } = header;

    public IReadOnlyList<string> Values { get; } = values;

    public string? Find(string name)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (Header[i] == name)
                return i < Values.Count ? Values[i] : "";
        }
        return null;
    }

    public string? Find(int number) => number >= 1 && number <= Values.Count ? Values[number - 1] : null;
}
