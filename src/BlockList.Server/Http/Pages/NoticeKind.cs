namespace BlockList.Server.Http.Pages;

public enum NoticeKind { Info, Success, Warning, Error }
