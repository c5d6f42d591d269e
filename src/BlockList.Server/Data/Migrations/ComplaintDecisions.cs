using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlockList.Server.Data.Migrations;

[DbContext(typeof(BlockListDb)), Migration("0019_complaint_decisions")]
internal sealed class ComplaintDecisions : SqlMigration;
