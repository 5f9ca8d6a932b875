namespace Sluice.Pipe.Records;

/// <summary>The parts of a record that templates name.</summary>
public interface IRecordFields
{
    /// <summary>A field by its name (of JSON also a path, <c>a.b</c>); null where there is none.</summary>
    string? Find(string name);

    /// <summary>The n-th part from 1; null where there are fewer.</summary>
    string? Find(int number);
}
