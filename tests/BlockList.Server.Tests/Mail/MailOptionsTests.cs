using System.ComponentModel.DataAnnotations;
using BlockList.Server.Mail;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>What an operator may write in [Mail].</summary>
public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("From", "nobody", "Set [Mail] From")]
    [InlineData("From", "a@b.example, c@d.example", "Set [Mail] From")]
    [InlineData("Security", "ssl", "starttls, tls or none")]
    [InlineData("Security", "none", "for a relay on this machine")]
    [InlineData("User", "blocklist", "Set both [Mail] User and")]
    [InlineData("PasswordFile", "/etc/hostname", "Set both [Mail] User and")]
    [InlineData("Site", "", "Set [Mail] Site")]
    [InlineData("Site", "http://complaints.blocklist.example", "Set [Mail] Site")]
    [InlineData("Site", "https://complaints.blocklist.example/en", "Set [Mail] Site")]
    [InlineData("Site", "https://complaints.blocklist.example/?a", "Set [Mail] Site")]
    [InlineData("Pages", "blocklist.example", "[Mail] Pages must be")]
    [InlineData("Folder", "/tmp", "not both")]
    [InlineData("AuthorityFile", "/nonexistent", "there is no file /nonexistent")]
    [InlineData("Port", 0, "from 1 to 65535")]
    public void Setting_that_cannot_work_is_refused_with_what_to_do(string setting, object value, string said)
    {
        var options = Sound();
        typeof(MailOptions).GetProperty(setting)!.SetValue(options, value);

        Assert.Contains(said, Assert.Single(Problems(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Relay_far_away_or_on_this_machine_a_folder_and_nothing_at_all_are_settings()
    {
        Assert.Empty(Problems(Sound()));
        Assert.Empty(Problems(new MailOptions { From = "complaints@blocklist.example", Relay = "localhost", Port = 25, Security = "none", Site = "http://localhost:18084/" }));
        Assert.Empty(Problems(new MailOptions { From = "complaints@blocklist.example", Folder = "/tmp", Site = "https://complaints.blocklist.example" }));
        Assert.Empty(Problems(new MailOptions()));
    }

    private static MailOptions Sound() => new() { From = "BlockList <complaints@blocklist.example>", Relay = "relay.blocklist.example", Site = "https://complaints.blocklist.example" };

    private static List<string?> Problems(MailOptions options)
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return [.. problems.Select(problem => problem.ErrorMessage)];
    }
}
