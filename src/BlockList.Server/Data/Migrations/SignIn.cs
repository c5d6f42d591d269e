using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlockList.Server.Data.Migrations;

[DbContext(typeof(BlockListDb)), Migration("0002_access")]
internal sealed class SignIn : SqlMigration;
