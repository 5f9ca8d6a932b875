using Sluice.Core.Errors;

namespace Sluice.Models.Grammars;

/// <summary>A grammar that does not compile, or asks for what is not supported. The message names the keyword or the place.</summary>
public sealed class GrammarException(string message) : SluiceException(message);
