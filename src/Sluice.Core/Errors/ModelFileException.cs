namespace Sluice.Core.Errors;

/// <summary>A model file that cannot be used. The message names the file, the field and, where there is one, the byte offset.</summary>
public class ModelFileException : SluiceException
{
    public ModelFileException(string file, string problem, long? offset = null, Exception? inner = null)
        : base(offset is { } at ? $"{file}: {problem} (at byte {at})" : $"{file}: {problem}", inner!)
    {
        File = file;
        Offset = offset;
    }

    /// <summary>The path as the user gave it.</summary>
    public string File { get; }

    /// <summary>Byte offset in the file, where the problem has one.</summary>
    public long? Offset { get; }
}
