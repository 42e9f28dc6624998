using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Swim.AspNetCore;

/// <summary>The page and its files, which are embedded in this assembly.</summary>
internal static class PageAssets
{
    private const string Page = "index.html";

    private static readonly Dictionary<string, Asset> All = typeof(PageAssets)
        .Assembly.GetManifestResourceNames()
        .ToDictionary(name => name, Load);

    /// <summary>The names of all files but the page itself.</summary>
    public static IEnumerable<string> Names => All.Keys.Where(name => name != Page);

    /// <summary>
    /// Sends the page. Its links are relative, so it has to be at a path that ends with a slash.
    /// </summary>
    public static Task SendPageAsync(HttpContext context)
    {
        var path = context.Request.PathBase.Add(context.Request.Path).ToString();

        if (path.EndsWith('/'))
        {
            return SendAsync(context, Page);
        }

        // Relative, as a proxy may serve it below another path.
        var last = Uri.EscapeDataString(Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]));
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"./{last}/{context.Request.QueryString}";
        return Task.CompletedTask;
    }

    public static Task SendAsync(HttpContext context, string name)
    {
        var asset = All[name];
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = asset.Tag;
        response.Headers.CacheControl = "no-cache";

        if (request.Headers.IfNoneMatch == asset.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Content.Length;
        return response.Body.WriteAsync(asset.Content, context.RequestAborted).AsTask();
    }

    private static Asset Load(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);

        var type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };

        return new Asset(content, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
    }

    private sealed record Asset(byte[] Content, string ContentType, string Tag);
}
