using System.Text.Json;

namespace Sluice.Cli.Models;

/// <summary>A value that can be shown to a person and to a program.</summary>
/// <param name="Text">For a person.</param>
/// <param name="Number">For a program, where it is a number.</param>
internal readonly record struct Fact(string Text, long? Number = null)
{
    public static implicit operator Fact(string text) => new(text);

    public static implicit operator Fact(long number) => new(number.ToString("#,0"), number);

    public override string ToString() => Text;

    public void Write(Utf8JsonWriter writer, string name)
    {
        if (Number is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteString(name, Text);
    }
}
