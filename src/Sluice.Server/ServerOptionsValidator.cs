using Microsoft.Extensions.Options;

namespace Sluice.Server;

/// <summary>Checks the ranges that the options state; generated, so that nothing is reflected over.</summary>
[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;
