using System.Text.Json;

namespace Sluice.Protocol.Requests;

/// <param name="Role">system, user, assistant, tool …</param>
/// <param name="Content">Text; content parts of type text are joined. Null where an assistant message has tool calls only.</param>
/// <param name="Raw">The message as it came, for templates that read more of it.</param>
public sealed record ChatMessage(string Role, string? Content, JsonElement Raw);
