namespace Sluice.Models.Tokenizers;

/// <summary>Turns one stream of tokens into text as it comes. For one reader; not thread-safe.</summary>
public interface IDetokenizer
{
    /// <summary>The text that became certain with this token; empty while a character is incomplete.</summary>
    string Append(int id);

    /// <summary>What was still held back at the end of the stream: an incomplete character comes out as U+FFFD.</summary>
    string Flush();
}
