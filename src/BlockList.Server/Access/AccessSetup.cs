using BlockList.Server.Http.Pages;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Access;

internal static class AccessSetup
{
    /// <summary>People, invitations and sessions: for pages and for commands.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Sessions>().AddSingleton<KeptForms>().AddSingleton<Ceremonies>().AddSingleton<AddPerson>().AddSingleton<InvitePerson>().AddSingleton<ApproveInvitation>()
            .AddSingleton<RevokeInvitation>().AddSingleton<ChangeRoles>().AddSingleton<RemovePasskey>().AddSingleton<RenamePasskey>().AddSingleton<EndSession>().AddSingleton<SetAccount>().AddSingleton<ReadPeople>();
    }

    /// <summary>Signing in. Of ASP.NET Core Identity the passkey handler alone: no cookies, no passwords, no Data Protection.</summary>
    public static IServiceCollection AddPasskeys(this IServiceCollection services)
    {
        services.AddIdentityCore<Person>();
        services.AddScoped<IUserStore<Person>, PasskeyStore>();
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.AddScoped<SignIn>().AddScoped<RegisterPasskey>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<PageOptions>>((passkeys, page) =>
        {
            passkeys.ServerDomain = new Uri(page.Value.Origin).Host;
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.AttestationConveyancePreference = "none";
            passkeys.AuthenticatorTimeout = Ceremonies.Lifetime;
            passkeys.ValidateOrigin = origin => ValueTask.FromResult(origin.Origin == page.Value.Origin && !origin.CrossOrigin);
        });
        services.AddRateLimiter(_ => { });
        return services.AddSingleton<IConfigureOptions<RateLimiterOptions>, AttemptLimits>();
    }
}
