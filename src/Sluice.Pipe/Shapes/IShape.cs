using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>What answers have to look like. The source is asked to keep to it, and what it answers is checked in any case.</summary>
public interface IShape
{
    /// <summary>Whether answers are JSON values; else they are texts.</summary>
    bool IsJson { get; }

    /// <summary>Writes the request's fields that ask the source for it.</summary>
    void WriteFields(Utf8JsonWriter writer);

    /// <summary>The answer in its final form.</summary>
    /// <param name="problem">What is wrong with it; null where it fits.</param>
    string Fit(string answer, out string? problem);

    /// <summary>The schema of such an answer as a part of a larger one; null where no schema can say it.</summary>
    JsonObject? ToSchema();
}
