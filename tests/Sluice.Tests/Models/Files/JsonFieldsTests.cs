using System.Text;
using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class JsonFieldsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private JsonFields Read(string json) => JsonFields.Read(_folder.Write("config.json", json));

    internal static byte[] Sample() => Encoding.UTF8.GetBytes(
        """
        {"model_type":"llama","n":32,"eps":1e-5,"ids":[1,2],"rope":{"factor":8.0,"deep":[[[]]]},
         "esc\u00e9":"\ud83d\ude00","no":null,"t":true}
        """);

    [Fact]
    public void Getters_GiveTheStoredValues()
    {
        var json = Read("""
            {"s":"text","n":32,"whole":4096.0,"f":1e-5,"yes":true,"no":false,"nothing":null,
             "ids":[1,2],"id":3,"floats":[1,0.5],"names":["a","b"],"rope":{"factor":8}}
            """);
        Assert.Equal("text", json.String("s"));
        Assert.Equal(32, json.Integer("n"));
        Assert.Equal(4096, json.Integer("whole"));
        Assert.Equal(1e-5, json.Float("f"));
        Assert.Equal(32.0, json.Float("n"));
        Assert.True(json.Bool("yes"));
        Assert.False(json.Bool("no"));
        Assert.Equal([1, 2], json.Integers("ids")!);
        Assert.Equal([3], json.Integers("id")!);
        Assert.Equal([1f, 0.5f], json.Floats("floats")!);
        Assert.Equal(["a", "b"], json.Strings("names")!);
        Assert.Equal(8, json.Object("rope")!.RequireInteger("factor"));
        Assert.Equal(JsonValueKind.Array, json.Kind("ids"));
        Assert.Equal(JsonValueKind.Undefined, json.Kind("nothing"));
        Assert.Equal("s", json.Names.First());
    }

    [Fact]
    public void Getters_AbsentOrNull_AreNullOrRefusedByName()
    {
        var json = Read("""{"nothing":null,"rope":{}}""");
        foreach (string name in new[] { "nothing", "gone" })
        {
            Assert.False(json.Contains(name));
            Assert.Null(json.String(name));
            Assert.Null(json.Integer(name));
            Assert.Null(json.Float(name));
            Assert.Null(json.Bool(name));
            Assert.Null(json.Object(name));
            Assert.Null(json.Integers(name));
            string message = Assert.Throws<ModelFileException>(() => json.RequireInteger(name)).Message;
            Assert.Equal($"{json.Path}: missing field '{name}'", message);
        }
        Assert.Contains("'rope.factor'", Assert.Throws<ModelFileException>(() => json.Object("rope")!.RequireFloat("factor")).Message);
    }

    [Fact]
    public void Getters_AnotherType_NameFieldFoundAndExpected()
    {
        var json = Read("""{"s":"text","n":1.5,"big":3000000000,"list":["a",1],"rope":{"type":[]}}""");
        string Message(Action get) => Assert.Throws<ModelFileException>(get).Message;
        Assert.Contains("field 's' is a string, expected a whole number", Message(() => json.Integer("s")));
        Assert.Contains("field 'n' is 1.5, expected a whole number", Message(() => json.Integer("n")));
        Assert.Contains("field 'big' is 3000000000, too large", Message(() => json.Integers("big")));
        Assert.Contains("field 'list' is 1, expected a string", Message(() => json.Strings("list")));
        Assert.Contains("field 'rope.type' is a list, expected a string", Message(() => json.Object("rope")!.String("type")));
        Assert.Contains("expected true or false", Message(() => json.Bool("s")));
        Assert.Contains("expected an object", Message(() => json.Object("s")));
        Assert.Contains("expected a number", Message(() => json.Float("s")));
    }

    [Theory]
    [InlineData("", "no valid JSON in line 1")]
    [InlineData("{\n\"a\":}", "no valid JSON in line 2")]
    [InlineData("{} x", "no valid JSON")]
    [InlineData("[1]", "holds a list, expected a JSON object")]
    public void Read_NoObject_IsRefused(string json, string why)
    {
        string message = Assert.Throws<ModelFileException>(() => Read(json)).Message;
        Assert.Contains(why, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Read_Nested100000Deep_IsRefused() =>
        Assert.Contains("depth", Assert.Throws<ModelFileException>(() => Read("{\"a\":" + new string('[', 100_000))).Message);

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        string path = _folder.Write("config.json", [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("not UTF-8", Assert.Throws<ModelFileException>(() => JsonFields.Read(path)).Message);
    }

    [Fact]
    public void Getters_HalfASurrogatePair_IsRefused()
    {
        var json = Read("""{"a":"\ud800"}""");
        Assert.Contains("field 'a' has a broken escape", Assert.Throws<ModelFileException>(() => json.String("a")).Message);
        var named = Read("""{"\ud800":"x","b":1}""");
        Assert.Throws<ModelFileException>(() => named.Names.ToArray());
        Assert.Equal(1, named.Integer("b"));
    }

    [Fact]
    public void Read_ByteOrderMark_IsPassedOver() => Assert.Equal(1, Read("\uFEFF{\"a\":1}").Integer("a"));
}
