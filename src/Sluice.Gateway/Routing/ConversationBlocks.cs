using System.Runtime.InteropServices;
using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Routing;

/// <summary>
/// A conversation cut into blocks of characters, each with a hash over everything up to its end: two requests share a block exactly where
/// they share all of the text before it. Tools, roles and contents count, as they do in a prompt.
/// </summary>
internal sealed class ConversationBlocks
{
    /// <summary>About 64 tokens: short enough to see a system prompt, long enough that a long context has hundreds of blocks only.</summary>
    public const int BlockChars = 256;

    // A longer prompt is told from another by its beginning.
    private const int MaxBlocks = 16384;

    private readonly List<ulong> _hashes = [];
    private ulong _hash = 0xCBF29CE484222325;
    private int _filled;

    public ReadOnlySpan<ulong> Hashes => CollectionsMarshal.AsSpan(_hashes);

    /// <summary>Characters in all.</summary>
    public long Chars { get; private set; }

    public static ConversationBlocks Of(CompletionRequest? request)
    {
        var blocks = new ConversationBlocks();
        if (request?.Tools is { } tools)
            blocks.Append(tools.GetRawText());
        foreach (ChatMessage message in request?.Messages ?? [])
        {
            blocks.Append(message.Role);
            blocks.Append("\u0001"); // between a role and what it says
            // A call of a tool is part of the prompt too, and only the raw message has it.
            blocks.Append(message.Raw.ValueKind == System.Text.Json.JsonValueKind.Undefined ? message.Content : message.Raw.GetRawText());
            blocks.Append("\u0002"); // a message's end
        }
        foreach (PromptInput prompt in request?.Prompts ?? [])
        {
            blocks.Append(prompt.Text);
            blocks.Append(MemoryMarshal.Cast<int, char>(prompt.Tokens));
        }
        return blocks;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Chars += text.Length;
        foreach (char c in text)
        {
            if (_hashes.Count == MaxBlocks)
                return;
            _hash = (_hash ^ c) * 0x100000001B3;
            if (++_filled < BlockChars)
                continue;
            _hashes.Add(Chance.Mix(_hash));
            _filled = 0;
        }
    }
}
