using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Protocol.Requests;

namespace Sluice.Server.Answers;

/// <summary>How long a client will wait for the whole answer, in seconds, if it says so in a header.</summary>
internal static class RequestDeadline
{
    public const string Header = "x-request-timeout";

    private const double MostSeconds = 86_400;

    /// <param name="arrived">When the request came.</param>
    /// <exception cref="InvalidRequestException">The header is not a number of seconds.</exception>
    public static DateTimeOffset? Read(HttpRequest request, DateTimeOffset arrived)
    {
        string? sent = request.Headers[Header];
        if (sent is null)
            return null;
        bool isNumber = double.TryParse(sent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds);
        return isNumber && seconds is > 0 and <= MostSeconds
            ? arrived + TimeSpan.FromSeconds(seconds)
            : throw new InvalidRequestException($"The header '{Header}' must be seconds, such as 2.5, up to {MostSeconds}.", Header);
    }
}
