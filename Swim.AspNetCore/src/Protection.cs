using System.Net;
using Microsoft.AspNetCore.Http;

namespace Swim.AspNetCore;

/// <summary>The protection of the dashboard against other web sites.</summary>
internal static class Protection
{
    /// <summary>
    /// The header that every request needs that changes something. A page of another site cannot send it without
    /// permission of the server (CORS), which this one does not give.
    /// </summary>
    public const string ControlHeader = "X-Swim-Control";

    // Nothing from elsewhere, nothing inline, no frames.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>Whether a Host header names this machine.</summary>
    public static bool IsLoopback(HostString host)
    {
        var name = host.Host;

        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>
    /// Whether a request that changes something comes from the dashboard's own page or from a tool, by the control
    /// header, and by the Origin and Sec-Fetch-Site headers if a browser sent them.
    /// </summary>
    public static bool IsOwnRequest(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();

        return request.Headers[ControlHeader] == "1" && site is "" or "same-origin" && HasOwnOrigin(request);
    }

    private static bool HasOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();

        // The scheme may differ where a proxy ends TLS. A site with the host and port of this server is its own.
        return origin.Length == 0
            || (
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
            );
    }
}
