namespace Sluice.Models.Templates;

/// <summary>Templates of our own.</summary>
public static class ChatTemplates
{
    /// <summary>The format for a model that brings no template; tools need one that knows them, so it refuses them.</summary>
    public const string ChatMl = """
        {%- if tools %}{{ raise_exception('this model brings no chat template, and ChatML has no form for tools') }}{% endif %}
        {%- for message in messages %}
            {{- '<|im_start|>' + message.role + '\n' + (message.content or '') + '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{% endif %}
        """;
}
