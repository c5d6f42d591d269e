using BlockList.Format.Tuf;
using BlockList.Server.Publishing;
using BlockList.Server.Signing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>An online key is replaced by a root that the holders sign, and clients that trust only the first root follow.</summary>
public sealed class RootRotationTests(PublishingWorld world) : IClassFixture<PublishingWorld>
{
    private const string List = DevelopmentKeys.WorstOf;

    [Fact]
    public async Task Replaced_online_key_is_taken_by_a_root_and_clients_follow()
    {
        await world.PublishAsync();
        world.Keys.ReplaceOnlineKey(List, RoleName.Timestamp);
        await using var publisher = world.NewPublisher();
        world.MoveClockTo((await world.ReadHeadAsync()).TargetsSignedAt.AddDays(3));
        // Under the old root nothing can be signed with the new key.
        await Assert.ThrowsAsync<SigningException>(() => PublishAsync(publisher));
        world.Keys.SignRoot(List, 2);
        await publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(world.Keys.RootFile(List, 2), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await PublishAsync(publisher);
        await world.VerifyAsClientAsync();

        static Task<PublishOutcome> PublishAsync(ServiceProvider publisher) => publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, TestContext.Current.CancellationToken);
    }
}
