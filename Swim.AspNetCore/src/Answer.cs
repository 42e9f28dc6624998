using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Swim.AspNetCore;

/// <summary>Answers in JSON.</summary>
internal static class Answer
{
    /// <summary>The error for a member that was disposed.</summary>
    public const string Ended = "this member has ended; start it again, or its application";

    public static async Task JsonAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";

        // The writer waits for the reader, so that a large answer is never in memory as a whole.
        await JsonSerializer
            .SerializeAsync(response.BodyWriter, value, type, context.RequestAborted)
            .ConfigureAwait(false);
    }

    /// <summary>Answers with an error, which says what is wrong and what would be right.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string error) =>
        JsonAsync(context, status, new ErrorView(error), DashboardJson.Default.ErrorView);
}
