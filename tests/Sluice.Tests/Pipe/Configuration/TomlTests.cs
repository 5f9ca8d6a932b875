using System.Text.Json.Nodes;
using Sluice.Pipe.Configuration;

namespace Sluice.Tests.Pipe.Configuration;

public sealed class TomlTests
{
    [Theory]
    [InlineData("a = 1\nb.c = \"x\" # note\n", """{"a":1,"b":{"c":"x"}}""")]
    [InlineData("[t.u]\nx = true\n[t]\ny = -2.5\n", """{"t":{"u":{"x":true},"y":-2.5}}""")]
    [InlineData("[[t]]\na=1\n[[t]]\na=2\n", """{"t":[{"a":1},{"a":2}]}""")]
    [InlineData("a = [1, 2,\n # in between\n 3,]\n", """{"a":[1,2,3]}""")]
    [InlineData("a = {b = 'c', d = [\"e\"]}", """{"a":{"b":"c","d":["e"]}}""")]
    [InlineData("a = \"\\u00e4\\n\\\"\"", "{\"a\":\"\\u00e4\\n\\\"\"}")]
    [InlineData("a = \"\"\"\nx\ny \\\n  z\"\"\"", """{"a":"x\ny z"}""")]
    [InlineData("a = '''\n\\x'''\r\nd = 2026-11-21\n", """{"a":"\\x","d":"2026-11-21"}""")]
    [InlineData("\"quoted key\" = 1_000\nh = 0xff", """{"quoted key":1000,"h":255}""")]
    [InlineData("", "{}")]
    public void Parse_WhatTomlHas_IsTheJsonItStandsFor(string toml, string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), Toml.Parse(toml)), Toml.Parse(toml).ToJsonString());

    [Theory]
    [InlineData("a = 1\na = 2", "line 2")]
    [InlineData("\na = \"open\n", "line 2")]
    [InlineData("a 1", "'='")]
    [InlineData("a = ", "value")]
    [InlineData("[t\n", "']'")]
    [InlineData("a = 1 2", "line 1")]
    [InlineData("a = 1\n[a]\n", "'a'")]
    public void Parse_WhatIsNoToml_IsRefusedWithItsLine(string toml, string told) =>
        Assert.Contains(told, Assert.Throws<FormatException>(() => Toml.Parse(toml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_ArraysWithoutEnd_AreRefused() => Assert.Throws<FormatException>(() => Toml.Parse("a = " + new string('[', 100_000)));

    [Fact]
    public void Parse_AnySpoiltFile_EndsInAnAnswerOrAFormatException()
    {
        var random = new Random(3);
        const string Good = "a = [1, {b = \"c\\u00e4\"}]\n[t.u]\nx = '''y'''\n[[z]]\nq = 1.5e3\n";
        for (int i = 0; i < 3000; i++)
        {
            char[] text = Good.ToCharArray();
            for (int k = 0; k < 3; k++)
                text[random.Next(text.Length)] = (char)random.Next(1, 128);
            try
            {
                Toml.Parse(new string(text));
            }
            catch (FormatException)
            {
                // Refused, which is as good.
            }
        }
    }

    [Fact]
    public void Config_KeysOfOthers_AreToldOfAndNotRefused()
    {
        PipeConfig config = PipeConfig.Read(Toml.Parse("model = \"m\"\ntheirs = 1\n[prompt.x]\ntemplate = \"t\"\nicon = \"i\"\n"));
        Assert.Equal(["theirs", "prompt.x.icon"], config.UnknownKeys);
        Assert.Equal("t", config.Find("x")!.Template);
        Assert.NotNull(config.Find("summarize"));
    }
}
