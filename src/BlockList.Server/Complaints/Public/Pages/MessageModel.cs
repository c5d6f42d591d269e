using BlockList.Server.Http.Pages;

namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>A page that says one thing: what happened, what it means, what to do.</summary>
/// <param name="Key">Of its texts: <c>message.KEY.title</c> and <c>message.KEY.text</c>.</param>
internal sealed record MessageModel(string Key)
{
    public static PageResult Page(string key, int status) => PageResult.Of<MessagePage>(new MessageModel(key), status);
}
