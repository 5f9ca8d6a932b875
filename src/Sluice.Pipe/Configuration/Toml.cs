using System.Text.Json.Nodes;

namespace Sluice.Pipe.Configuration;

/// <summary>Reads TOML into the JSON it stands for.</summary>
internal static class Toml
{
    /// <exception cref="FormatException">It is not TOML; the message names the line.</exception>
    public static JsonObject Parse(string source)
    {
        var text = new TomlText(source);
        var root = new JsonObject();
        JsonObject table = root;
        for (text.SkipLines(); !text.AtEnd; text.SkipLines())
        {
            if (text.TryTake("[["))
            {
                List<string> path = TomlValue.ReadKey(text);
                text.Expect("]]");
                table = AppendTable(text, root, path);
            }
            else if (text.TryTake("["))
            {
                table = TomlValue.Table(text, root, TomlValue.ReadKey(text));
                text.Expect("]");
            }
            else
            {
                List<string> path = TomlValue.ReadKey(text);
                text.Expect("=");
                text.SkipBlanks();
                TomlValue.Put(text, table, path, TomlValue.Read(text));
            }
            text.ExpectLineEnd();
        }
        return root;
    }

    private static JsonObject AppendTable(TomlText text, JsonObject root, List<string> path)
    {
        JsonObject parent = TomlValue.Table(text, root, path.SkipLast(1));
        if (parent[path[^1]] is null)
            parent[path[^1]] = new JsonArray();
        if (parent[path[^1]] is not JsonArray tables)
            throw text.Fault($"'{string.Join('.', path)}' is no array of tables");
        var table = new JsonObject();
        tables.Add((JsonNode)table);
        return table;
    }
}
