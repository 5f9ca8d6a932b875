namespace Sluice.Models.Templates;

/// <summary>How a prompt ends.</summary>
public enum ChatEnding
{
    /// <summary>With the opening of an assistant's turn (transformers' add_generation_prompt).</summary>
    AssistantTurn,

    /// <summary>Where the template ends after the last message.</summary>
    LastMessage,

    /// <summary>Right behind the text of the last message, for the model to go on with it (transformers' continue_final_message).</summary>
    ContinuedMessage,
}
