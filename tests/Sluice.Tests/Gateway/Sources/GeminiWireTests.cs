using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Gateway.Sources;

public sealed class GeminiWireTests
{
    [Fact]
    public void WriteRequest_SeveralCallsInATurn_TheirResultsAreOneTurn()
    {
        var request = new Request(Encoding.UTF8.GetBytes(
            """
            {"model":"m","messages":[{"role":"user","content":"How warm?"},
             {"role":"assistant","content":null,"tool_calls":[
              {"id":"1","type":"function","function":{"name":"here","arguments":"{}"}},
              {"id":"2","type":"function","function":{"name":"there","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"1","content":"20"},{"role":"tool","tool_call_id":"2","content":"30"},
             {"role":"user","content":"And now?"}]}
            """), new OpenAiChatDialect());
        var body = new ArrayBufferWriter<byte>();
        new GeminiWire().WriteRequest(request.View, "m", body);
        string contents = JsonElement.Parse(body.WrittenSpan).GetProperty("contents").GetRawText();
        Assert.Equal(
            """[{"role":"user","parts":[{"text":"How warm?"}]},"""
            + """{"role":"model","parts":[{"functionCall":{"name":"here","args":{}}},{"functionCall":{"name":"there","args":{}}}]},"""
            + """{"role":"user","parts":[{"functionResponse":{"name":"here","response":{"result":"20"}}},"""
            + """{"functionResponse":{"name":"there","response":{"result":"30"}}}]},"""
            + """{"role":"user","parts":[{"text":"And now?"}]}]""", contents);
    }
}
