using BlockList.Server.Mail;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<MailState> MailStates => Set<MailState>();

    static partial void MapMail(ModelBuilder model) => model.Entity<MailState>(state => state.ToView("state", "mail").HasNoKey());
}
