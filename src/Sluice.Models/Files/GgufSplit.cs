using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Core.Errors;

namespace Sluice.Models.Files;

/// <summary>
/// Models in several files. Each part carries <c>split.no</c> (from 0), <c>split.count</c> and <c>split.tensors.count</c>, and its name
/// ends in <c>-00001-of-00003.gguf</c> (from 1), by which its siblings are found.
/// </summary>
internal static partial class GgufSplit
{
    /// <summary>The parts of the model of which <paramref name="path"/> is any, in order. The caller disposes their files.</summary>
    public static List<GgufPart> OpenAll(string path)
    {
        var parts = new List<GgufPart>();
        try
        {
            parts.Add(GgufPart.Open(path, 0));
            long count = parts[0].Metadata.Integer("split.count") ?? 1;
            if (count <= 1)
                return parts;
            var paths = SiblingPaths(path, count);
            Dispose(parts);
            parts.Clear();
            foreach (string sibling in paths)
                parts.Add(OpenPart(sibling, parts.Count, paths.Length));
            RefuseMissingTensors(parts);
            return parts;
        }
        catch
        {
            Dispose(parts);
            throw;
        }
    }

    public static void Dispose(List<GgufPart> parts)
    {
        foreach (var part in parts)
            part.File.Dispose();
    }

    private static string[] SiblingPaths(string path, long count)
    {
        var name = PartName().Match(path);
        if (!name.Success || int.Parse(name.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) != count)
            throw new ModelFileException(
                path, $"'split.count' is {count}, but the name of this part does not end in -00001-of-{count:d5}.gguf; rename the parts");
        string stem = path[..name.Index];
        var paths = new string[count];
        for (int i = 0; i < paths.Length; i++)
            paths[i] = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i + 1:d5}-of-{count:d5}.gguf");
        return paths;
    }

    private static GgufPart OpenPart(string path, int index, int count)
    {
        if (!File.Exists(path))
            throw new ModelFileException(path, $"part {index + 1} of {count} of the model is missing; put all parts into one folder");
        var part = GgufPart.Open(path, index);
        try
        {
            if (part.Metadata.RequireInteger("split.count") != count)
                throw part.Metadata.Fail("split.count", $"is {part.Metadata.Integer("split.count")}, expected {count} by the file's name");
            if (part.Metadata.RequireInteger("split.no") != index)
                throw part.Metadata.Fail("split.no", $"is {part.Metadata.Integer("split.no")}, expected {index} by the file's name");
            return part;
        }
        catch
        {
            part.File.Dispose();
            throw;
        }
    }

    private static void RefuseMissingTensors(List<GgufPart> parts)
    {
        long expected = parts[0].Metadata.RequireInteger("split.tensors.count");
        int found = parts.Sum(p => p.Tensors.Count);
        if (found != expected)
            throw parts[0].Metadata.Fail("split.tensors.count", $"is {expected}, but the {parts.Count} parts hold {found} tensors");
    }

    [GeneratedRegex(@"-\d{5}-of-(?<count>\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
