<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AccountDialog</name>
    <message>
        <source>New account</source>
        <translation>新建账户</translation>
    </message>
    <message>
        <source>Name and roles</source>
        <translation>姓名与角色</translation>
    </message>
    <message>
        <source>what is typed to sign in, e.g. wang.li</source>
        <translation>登录时输入，例如 wang.li</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Make account</source>
        <translation>新建账户</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Name and login are needed.</source>
        <translation>请填写姓名和登录名。</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>请填写姓名。</translation>
    </message>
    <message>
        <source>Choose one role or more.</source>
        <translation>请至少选择一个角色。</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>There is no account yet. Press “New account…”.</source>
        <translation>还没有账户。请点“新建账户…”。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>New account…</source>
        <translation>新建账户…</translation>
    </message>
    <message>
        <source>Name and roles…</source>
        <translation>姓名与角色…</translation>
    </message>
    <message>
        <source>New password…</source>
        <translation>新密码…</translation>
    </message>
    <message>
        <source>Gives a one-time password and ends all sign-ins</source>
        <translation>给出一次性密码，并结束其全部登录</translation>
    </message>
    <message>
        <source>Priority…</source>
        <translation>优先级…</translation>
    </message>
    <message>
        <source>Who comes first at steering cameras</source>
        <translation>控制云台时谁优先</translation>
    </message>
    <message>
        <source>Block…</source>
        <translation>停用…</translation>
    </message>
    <message>
        <source>Choose an account first.</source>
        <translation>请先选择一个账户。</translation>
    </message>
    <message>
        <source>Only one with the role “system” may change this account.</source>
        <translation>只有“系统”角色可以更改此账户。</translation>
    </message>
    <message>
        <source>Nobody blocks the own account.</source>
        <translation>不能停用自己的账户。</translation>
    </message>
    <message>
        <source>Unblock…</source>
        <translation>启用…</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>one-time password not used yet</source>
        <translation>一次性密码尚未使用</translation>
    </message>
    <message>
        <source>Give {name} this one-time password. Login: {login}. At the first sign-in another password must be chosen.</source>
        <translation>请把此一次性密码交给{name}。登录名：{login}。首次登录后必须另设密码。</translation>
    </message>
    <message>
        <source>One-time password</source>
        <translation>一次性密码</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>The password of {name} ends now, and so do all sign-ins. You are shown a one-time password to hand over.</source>
        <translation>{name}的密码和全部登录立即失效。随后显示一个一次性密码，请转交本人。</translation>
    </message>
    <message>
        <source>Give a new password</source>
        <translation>给出新密码</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>{name} can sign in again, with the password of before.</source>
        <translation>{name}可以用原来的密码重新登录。</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Block now</source>
        <translation>立即停用</translation>
    </message>
    <message>
        <source>{name} is signed out everywhere now and cannot sign in. The account stays, so that the audit log keeps its name.</source>
        <translation>{name}立即在各处退出，且不能再登录。账户保留，以便审计日志中仍有其姓名。</translation>
    </message>
</context>
<context>
    <name>ActionDialog</name>
    <message>
        <source>To</source>
        <translation>派给</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>班组</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>截止</translation>
    </message>
    <message>
        <source>What it was</source>
        <translation>故障原因</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>处理措施</translation>
    </message>
    <message>
        <source>Parts used</source>
        <translation>更换配件</translation>
    </message>
    <message>
        <source>Only where the device was replaced</source>
        <translation>仅在更换设备时填写</translation>
    </message>
    <message>
        <source>New serial number</source>
        <translation>新序列号</translation>
    </message>
    <message>
        <source>no score</source>
        <translation>不评分</translation>
    </message>
    <message>
        <source>How good was the repair</source>
        <translation>维修评分</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>What is done about it</source>
        <translation>采取的措施</translation>
    </message>
    <message>
        <source>Whom was told</source>
        <translation>上报给谁</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Fill in every field.</source>
        <translation>请填写所有内容。</translation>
    </message>
</context>
<context>
    <name>Administration</name>
    <message>
        <source>Only one with the role “system” may give it.</source>
        <translation>只有“系统”角色可以授予。</translation>
    </message>
</context>
<context>
    <name>AdministrationScreen</name>
    <message>
        <source>Administration</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Consoles</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>Camera groups</source>
        <translation>相机分组</translation>
    </message>
    <message>
        <source>Grants</source>
        <translation>授权</translation>
    </message>
</context>
<context>
    <name>AskDialog</name>
    <message>
        <source>Ask for access</source>
        <translation>申请访问</translation>
    </message>
    <message>
        <source>20 digits, as on the pole&apos;s plate or in the asset register</source>
        <translation>20 位数字，见立杆标牌或设备档案</translation>
    </message>
    <message>
        <source>For</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Camera&apos;s code</source>
        <translation>相机编码</translation>
    </message>
    <message>
        <source>Case 2026-118: search for a missing person</source>
        <translation>案件 2026-118：寻找走失人员</translation>
    </message>
    <message>
        <source>Law, order or agreement, with its number</source>
        <translation>法律、命令或协议及其编号</translation>
    </message>
    <message>
        <source>Allow to</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Their administrators see who asks, what for and by which right. You are told under “Asked by us”. Access ends by itself.</source>
        <translation>对方管理员会看到申请人、用途和依据。结果见“我方申请”。访问到期自动终止。</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>申请</translation>
    </message>
    <message>
        <source>There is no other organisation on this server yet.</source>
        <translation>此服务器上还没有其他单位。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 个相机</numerusform>
        </translation>
    </message>
    <message>
        <source>one camera, by its code</source>
        <translation>单个相机，按编码</translation>
    </message>
    <message>
        <source>Purpose and legal basis are needed, three characters or more.</source>
        <translation>请填写用途和法律依据，至少三个字。</translation>
    </message>
    <message>
        <source>Choose what shall be allowed.</source>
        <translation>请选择要允许的内容。</translation>
    </message>
    <message>
        <source>Choose an organisation and what you ask it for.</source>
        <translation>请选择单位和申请对象。</translation>
    </message>
    <message>
        <source>A camera&apos;s code has 20 digits.</source>
        <translation>相机编码为 20 位数字。</translation>
    </message>
</context>
<context>
    <name>AskedPage</name>
    <message>
        <source>Your organisation has asked nobody for cameras.

Press “Ask for access…”, choose the organisation and one of its groups, or type a camera&apos;s code.</source>
        <translation>本单位尚未申请过其他单位的相机。

请点“申请访问…”，选择单位及其分组，或输入相机编码。</translation>
    </message>
    <message>
        <source>For</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Allowed to</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Asked on</source>
        <translation>申请时间</translation>
    </message>
    <message>
        <source>Ask for access…</source>
        <translation>申请访问…</translation>
    </message>
    <message>
        <source>Ask again…</source>
        <translation>再次申请…</translation>
    </message>
    <message>
        <source>Give back…</source>
        <translation>归还…</translation>
    </message>
    <message>
        <source>It is needed no longer: it ends now</source>
        <translation>不再需要：立即终止</translation>
    </message>
    <message>
        <source>There is nothing to give back: it is over.</source>
        <translation>已结束，无可归还。</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>归还</translation>
    </message>
    <message>
        <source>“{name}” disappears from your consoles now. To have it again you must ask again.</source>
        <translation>“{name}”立即从本单位的席位消失。再次使用须重新申请。</translation>
    </message>
</context>
<context>
    <name>Asset</name>
    <message>
        <source>Missing.</source>
        <translation>缺少。</translation>
    </message>
    <message>
        <source>Must not be empty.</source>
        <translation>不能为空。</translation>
    </message>
    <message>
        <source>Another camera has this.</source>
        <translation>另一台相机已使用。</translation>
    </message>
    <message>
        <source>Row {detail} has the same.</source>
        <translation>与第 {detail} 行相同。</translation>
    </message>
    <message>
        <source>“{detail}” has the same.</source>
        <translation>与“{detail}”相同。</translation>
    </message>
    <message>
        <source>Row {detail} has this name in the same site.</source>
        <translation>同一场所内第 {detail} 行已用此名称。</translation>
    </message>
    <message>
        <source>“{detail}” is in the same site already.</source>
        <translation>同一场所内已有“{detail}”。</translation>
    </message>
    <message>
        <source>Several cameras have this code.</source>
        <translation>多台相机使用此编码。</translation>
    </message>
    <message>
        <source>This camera is in row {detail} already.</source>
        <translation>第 {detail} 行已有这台相机。</translation>
    </message>
    <message>
        <source>Too long: at most {detail} characters.</source>
        <translation>过长：最多 {detail} 个字符。</translation>
    </message>
    <message>
        <source>Holds characters that cannot be shown.</source>
        <translation>含有无法显示的字符。</translation>
    </message>
    <message>
        <source>“{detail}” is not in the list.</source>
        <translation>“{detail}”不在列表中。</translation>
    </message>
    <message>
        <source>No device code of GB/T 28181: {detail}.</source>
        <translation>不是 GB/T 28181 设备编码：{detail}。</translation>
    </message>
    <message>
        <source>A division has 2, 4, 6 or 8 digits (GB/T 2260).</source>
        <translation>行政区划为 2、4、6 或 8 位数字（GB/T 2260）。</translation>
    </message>
    <message>
        <source>No date. Write 2026-03-31.</source>
        <translation>不是日期。请写成 2026-03-31。</translation>
    </message>
    <message>
        <source>No IPv4 address. Write 10.1.2.3.</source>
        <translation>不是 IPv4 地址。请写成 10.1.2.3。</translation>
    </message>
    <message>
        <source>No IPv6 address.</source>
        <translation>不是 IPv6 地址。</translation>
    </message>
    <message>
        <source>No MAC address. Write 00-11-22-AA-BB-CC.</source>
        <translation>不是 MAC 地址。请写成 00-11-22-AA-BB-CC。</translation>
    </message>
    <message>
        <source>No phone number.</source>
        <translation>不是电话号码。</translation>
    </message>
    <message>
        <source>Not a number.</source>
        <translation>不是数字。</translation>
    </message>
    <message>
        <source>Must be a whole number.</source>
        <translation>必须是整数。</translation>
    </message>
    <message>
        <source>Out of range: {detail}.</source>
        <translation>超出范围：{detail}。</translation>
    </message>
    <message>
        <source>Latitude and longitude belong together.</source>
        <translation>经度和纬度须同时填写。</translation>
    </message>
    <message>
        <source>0, 0 is no place.</source>
        <translation>0, 0 不是有效位置。</translation>
    </message>
    <message>
        <source>Must not be before {detail}.</source>
        <translation>不能早于 {detail}。</translation>
    </message>
    <message>
        <source>Holds a formula. Write the value.</source>
        <translation>含有公式。请填写数值。</translation>
    </message>
    <message>
        <source>Digits were lost: format this column as text.</source>
        <translation>数字位数丢失：请将此列设为文本格式。</translation>
    </message>
    <message>
        <source>There is no such site here.</source>
        <translation>这里没有这个片区。</translation>
    </message>
    <message>
        <source>The type in the code is no camera: {detail}.</source>
        <translation>编码中的类型不是相机：{detail}。</translation>
    </message>
    <message>
        <source>The code says {detail}.</source>
        <translation>编码中为 {detail}。</translation>
    </message>
    <message>
        <source>Latitude and longitude look swapped.</source>
        <translation>经纬度似乎颠倒。</translation>
    </message>
    <message>
        <source>Not where the code says that it is.</source>
        <translation>位置与编码所示地区不符。</translation>
    </message>
    <message>
        <source>Less than three decimals: 100 m or more off.</source>
        <translation>小数不足三位：误差可达 100 米以上。</translation>
    </message>
    <message>
        <source>Looks like a web map&apos;s coordinates (GCJ-02).</source>
        <translation>似为网络地图坐标（GCJ-02）。</translation>
    </message>
    <message>
        <source>Does not agree with the bearing.</source>
        <translation>与朝向角度不一致。</translation>
    </message>
    <message>
        <source>It has a date of dismantling.</source>
        <translation>已填写拆除时间。</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Responsible</source>
        <translation>责任单位</translation>
    </message>
    <message>
        <source>Life cycle</source>
        <translation>生命周期</translation>
    </message>
    <message>
        <source>Further fields</source>
        <translation>扩展字段</translation>
    </message>
    <message>
        <source>entered</source>
        <translation>人工填写</translation>
    </message>
    <message>
        <source>import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>read from the device</source>
        <translation>从设备读取</translation>
    </message>
    <message>
        <source>from the server</source>
        <translation>来自服务器</translation>
    </message>
    <message>
        <source>import undone</source>
        <translation>撤销导入</translation>
    </message>
    <message>
        <source>Dismantled {day}</source>
        <translation>已于 {day} 拆除</translation>
    </message>
    <message>
        <source>Replacement was due {day}</source>
        <translation>应于 {day} 更换</translation>
    </message>
    <message>
        <source>Warranty ended {day}</source>
        <translation>质保已于 {day} 到期</translation>
    </message>
    <message>
        <source>Replacement planned {day}</source>
        <translation>计划 {day} 更换</translation>
    </message>
    <message>
        <source>Warranty ends {day}</source>
        <translation>质保 {day} 到期</translation>
    </message>
    <message>
        <source>History of this field</source>
        <translation>此字段的历史</translation>
    </message>
    <message>
        <source>History of {field}</source>
        <translation>{field}的历史</translation>
    </message>
    <message>
        <source>Choose from the list</source>
        <translation>从列表中选择</translation>
    </message>
</context>
<context>
    <name>AssetFileDialog</name>
    <message>
        <source>File of a device</source>
        <translation>一机一档</translation>
    </message>
    <message>
        <source>Completeness</source>
        <translation>完整率</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>All fields</source>
        <translation>全部字段</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Dismantled</source>
        <translation>拆除</translation>
    </message>
    <message>
        <source>Devices at this position</source>
        <translation>此点位的设备</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save  (Ctrl+S)</source>
        <translation>保存  (Ctrl+S)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take the last change back  (Ctrl+Z)</source>
        <translation>撤回上一次修改  (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Replace device…</source>
        <translation>更换设备…</translation>
    </message>
    <message>
        <source>Another device takes this place: the position keeps its history  (Ctrl+R)</source>
        <translation>换上另一台设备：点位保留其历史  (Ctrl+R)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>This camera does not exist any more.</source>
        <translation>这台相机已不存在。</translation>
    </message>
    <message>
        <source>{filled} of {required} required fields</source>
        <translation>必填字段 {filled} / {required}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Missing: {fields}</source>
        <translation>缺少：{fields}</translation>
    </message>
    <message>
        <source>To correct: {fields}</source>
        <translation>需更正：{fields}</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) are not saved. Close and lose them?</source>
        <translation>
            <numerusform>有 %n 处修改未保存。关闭并放弃吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>all fields</source>
        <translation>全部字段</translation>
    </message>
    <message>
        <source>History: {field}</source>
        <translation>历史：{field}</translation>
    </message>
    <message>
        <source>No change known.</source>
        <translation>没有变更记录。</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>began</source>
        <translation>建档</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>已更换</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>点位</translation>
    </message>
    <message>
        <source>Network address</source>
        <translation>网络地址</translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message>
        <source>sign-in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>sign-out</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>password changed</source>
        <translation>更改密码</translation>
    </message>
    <message>
        <source>sign-in used twice</source>
        <translation>登录凭据被重复使用</translation>
    </message>
    <message>
        <source>first administrator made</source>
        <translation>新建首位管理员</translation>
    </message>
    <message>
        <source>account made</source>
        <translation>新建账户</translation>
    </message>
    <message>
        <source>account changed</source>
        <translation>更改账户</translation>
    </message>
    <message>
        <source>organisation made</source>
        <translation>新建单位</translation>
    </message>
    <message>
        <source>enrolment code made</source>
        <translation>生成注册码</translation>
    </message>
    <message>
        <source>console enrolled</source>
        <translation>席位注册</translation>
    </message>
    <message>
        <source>console revoked</source>
        <translation>席位注销</translation>
    </message>
    <message>
        <source>camera opened</source>
        <translation>打开相机</translation>
    </message>
    <message>
        <source>camera password set</source>
        <translation>设置相机密码</translation>
    </message>
    <message>
        <source>camera group made</source>
        <translation>新建相机分组</translation>
    </message>
    <message>
        <source>camera group filled</source>
        <translation>更改分组的相机</translation>
    </message>
    <message>
        <source>camera group removed</source>
        <translation>删除相机分组</translation>
    </message>
    <message>
        <source>grant made</source>
        <translation>新建授权</translation>
    </message>
    <message>
        <source>grant withdrawn</source>
        <translation>撤回授权</translation>
    </message>
    <message>
        <source>access asked for</source>
        <translation>申请访问</translation>
    </message>
    <message>
        <source>access approved</source>
        <translation>批准访问</translation>
    </message>
    <message>
        <source>access refused</source>
        <translation>拒绝访问</translation>
    </message>
    <message>
        <source>access given back</source>
        <translation>归还访问</translation>
    </message>
    <message>
        <source>began to steer a camera</source>
        <translation>开始控制相机</translation>
    </message>
    <message>
        <source>held a camera for a stated time</source>
        <translation>限时占用相机</translation>
    </message>
    <message>
        <source>asked for a camera</source>
        <translation>请求相机控制权</translation>
    </message>
    <message>
        <source>kept a camera</source>
        <translation>保留相机控制权</translation>
    </message>
    <message>
        <source>gave a camera back</source>
        <translation>交还相机控制权</translation>
    </message>
    <message>
        <source>camera went to who had asked</source>
        <translation>控制权转给请求者</translation>
    </message>
    <message>
        <source>took a camera over</source>
        <translation>接管相机</translation>
    </message>
    <message>
        <source>control of a camera ran out</source>
        <translation>相机控制权到期</translation>
    </message>
    <message>
        <source>console sent a camera back by itself</source>
        <translation>席位自动将相机送回</translation>
    </message>
    <message>
        <source>steering priority set</source>
        <translation>设置控制优先级</translation>
    </message>
    <message>
        <source>agreed to try default passwords</source>
        <translation>同意尝试默认密码</translation>
    </message>
    <message>
        <source>console&apos;s log received</source>
        <translation>收到席位日志</translation>
    </message>
    <message>
        <source>sent what another entered</source>
        <translation>代发他人录入的内容</translation>
    </message>
    <message>
        <source>console&apos;s log refused</source>
        <translation>拒收席位日志</translation>
    </message>
    <message>
        <source>audit log exported</source>
        <translation>导出审计日志</translation>
    </message>
    <message>
        <source>an entry was changed</source>
        <translation>有记录被更改</translation>
    </message>
    <message>
        <source>an entry is missing</source>
        <translation>缺少记录</translation>
    </message>
    <message>
        <source>entries changed places</source>
        <translation>记录次序被调换</translation>
    </message>
    <message>
        <source>the end was cut off</source>
        <translation>末尾被截断</translation>
    </message>
</context>
<context>
    <name>AuditPage</name>
    <message>
        <source>Verify every entry</source>
        <translation>校验全部条目</translation>
    </message>
    <message>
        <source>From the first one on. When this page opens, only those are verified that came since the last time.</source>
        <translation>从第一条开始校验。打开本页时只校验上次之后新增的条目。</translation>
    </message>
    <message>
        <source>the server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Camera, group, account…</source>
        <translation>相机、分组、账户…</translation>
    </message>
    <message>
        <source>every action</source>
        <translation>全部操作</translation>
    </message>
    <message>
        <source>Log of</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>to</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>No entry matches. Choose a longer time, or clear a field.</source>
        <translation>没有符合的记录。请放宽时间，或清空某个条件。</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>With what</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>These are all.</source>
        <translation>已全部显示。</translation>
    </message>
    <message>
        <source>Details…</source>
        <translation>详情…</translation>
    </message>
    <message>
        <source>Choose an entry first.</source>
        <translation>请先选择一条记录。</translation>
    </message>
    <message>
        <source>Save as table…</source>
        <translation>保存为表格…</translation>
    </message>
    <message>
        <source>There is nothing to save.</source>
        <translation>没有可保存的内容。</translation>
    </message>
    <message>
        <source>Export signed file…</source>
        <translation>导出签名文件…</translation>
    </message>
    <message>
        <source>Sign in on a server first.</source>
        <translation>请先登录服务器。</translation>
    </message>
    <message>
        <source>Verifying every entry…</source>
        <translation>正在校验每条记录…</translation>
    </message>
    <message>
        <source>Verifying what is new…</source>
        <translation>正在校验新增条目…</translation>
    </message>
    <message>
        <source>Log of {name}: {fault}, at No. {number}.</source>
        <translation>{name}的日志：{fault}，位于第 {number} 条。</translation>
    </message>
    <message>
        <source>Do not work on the server; keep its database and the last backup for comparison, and tell who is responsible for data protection.</source>
        <translation>请勿再操作服务器；保留其数据库和最近的备份以供比对，并通知数据保护负责人。</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies)</source>
        <translation>
            <numerusform>%n 条记录</numerusform>
        </translation>
    </message>
    <message>
        <source>✓ Whole: {entries} in {chains} log(s); every hash holds, nothing is missing.</source>
        <translation>✓ 完整：{chains} 份日志共 {entries}；所有哈希一致，无缺失。</translation>
    </message>
    <message numerus="yes">
        <source>%n of them were verified before, and not read again.</source>
        <translation>
            <numerusform>其中 %n 条此前已校验，本次未重读。</numerusform>
        </translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Entry No. {number}</source>
        <translation>第 {number} 条记录</translation>
    </message>
    <message>
        <source>Export signed file</source>
        <translation>导出签名文件</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>Saved: {name} ({size} bytes). Whoever receives it checks it on any computer with Watchroom:
    watchroom audit verify {file}
It says whether the signature and every hash hold. Compare the key&apos;s id it prints with the server&apos;s, by another way.</source>
        <translation>已保存：{name}（{size} 字节）。接收者可在任何装有 Watchroom 的电脑上校验：
    watchroom audit verify {file}
它会说明签名和所有哈希是否有效。请另行核对其显示的密钥编号与服务器的是否一致。</translation>
    </message>
</context>
<context>
    <name>AuditScreen</name>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
</context>
<context>
    <name>BehindDialog</name>
    <message>
        <source>(no longer in use)</source>
        <translation>（已不再使用）</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像机</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>报修时间</translation>
    </message>
    <message>
        <source>Adds</source>
        <translation>贡献</translation>
    </message>
    <message>
        <source>{n} lines</source>
        <translation>{n} 行</translation>
    </message>
</context>
<context>
    <name>Bulk</name>
    <message>
        <source>Cameras are set up by people with the role {roles}. An administrator gives roles.</source>
        <translation>设置相机需要“{roles}”角色，由管理员授予。</translation>
    </message>
    <message>
        <source>You may not set up this camera.</source>
        <translation>您无权设置此相机。</translation>
    </message>
</context>
<context>
    <name>BulkDesk</name>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>原值</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新值</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Set-ups of cameras</source>
        <translation>相机设置记录</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>set up</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>agreed to try default passwords</source>
        <translation>同意尝试默认密码</translation>
    </message>
    <message>
        <source>tried default passwords</source>
        <translation>已尝试默认密码</translation>
    </message>
    <message>
        <source>{taken} of {count} devices took one</source>
        <translation>{count} 台设备中 {taken} 台接受</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s): not sure yet which of two passwords counts. Both are kept; it is tried again every minute.</source>
        <translation>
            <numerusform>%n 台相机：尚不确定两个密码中哪个有效。两者都保留，每分钟再试一次。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BulkWindow</name>
    <message>
        <source>Set up cameras</source>
        <translation>设置相机</translation>
    </message>
    <message>
        <source>Add cameras: name, pinyin, number, code, IP</source>
        <translation>添加相机：名称、拼音、编号、编码、IP</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>Adds every camera that fits the words.</source>
        <translation>添加所有符合的相机。</translation>
    </message>
    <message>
        <source>Ta&amp;ke out</source>
        <translation>移出(&amp;K)</translation>
    </message>
    <message>
        <source>Takes the selected cameras out of this list (Delete). They stay in the register.</source>
        <translation>把选中的相机移出此列表（Delete）。台账中不变。</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>对比(&amp;C)</translation>
    </message>
    <message>
        <source>Reads what the cameras have and shows old and new. Changes nothing (F5).</source>
        <translation>读取相机现状，列出新旧对照，不作任何更改（F5）。</translation>
    </message>
    <message>
        <source>all cameras</source>
        <translation>全部相机</translation>
    </message>
    <message>
        <source>with changes</source>
        <translation>有更改</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Te&amp;mplate</source>
        <translation>模板(&amp;M)</translation>
    </message>
    <message>
        <source>Shows or hides what the cameras shall have.</source>
        <translation>显示或隐藏对相机的要求。</translation>
    </message>
    <message>
        <source>Camera, setting</source>
        <translation>相机、项目</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新值</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Which cameras? Choose them in the list of cameras and open this window there, or look for them above. Then say on the left what they shall have, and compare.</source>
        <translation>要设置哪些相机？在相机列表中选中后打开此窗口，或在上方查找添加。然后在左侧填写要求，再点“对比”。</translation>
    </message>
    <message>
        <source>&amp;Start…</source>
        <translation>开始(&amp;S)…</translation>
    </message>
    <message>
        <source>Sets what is ticked, after a question (Ctrl+Return).</source>
        <translation>确认后设置勾选的项目（Ctrl+Return）。</translation>
    </message>
    <message>
        <source>A&amp;gain where it failed</source>
        <translation>重试失败的(&amp;G)</translation>
    </message>
    <message>
        <source>Reads the failed cameras again; what is still missing can be started again.</source>
        <translation>重新读取失败的相机；仍未设置的可再次开始。</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>No further camera begins; those under way finish their step.</source>
        <translation>不再开始新的相机；进行中的完成当前步骤。</translation>
    </message>
    <message>
        <source>&amp;Undo…</source>
        <translation>撤销(&amp;U)…</translation>
    </message>
    <message>
        <source>Brings back what the last run changed, as far as the cameras allow.</source>
        <translation>在相机允许的范围内恢复上次所作的更改。</translation>
    </message>
    <message>
        <source>Save &amp;report…</source>
        <translation>保存报告(&amp;R)…</translation>
    </message>
    <message>
        <source>The table as PDF or CSV, without passwords.</source>
        <translation>把表格存为 PDF 或 CSV，不含密码。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>保存(&amp;V)…</translation>
    </message>
    <message>
        <source>Keeps this template under a name. No password is kept in it.</source>
        <translation>以名称保存此模板，其中不含密码。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Deletes this saved template.</source>
        <translation>删除这个已保存的模板。</translation>
    </message>
    <message>
        <source>What stands in braces comes from the register: {name}, {name_en}, {code}, {number}, {site}.</source>
        <translation>花括号中的内容取自台账：{name} 名称、{name_en} 英文名、{code} 编码、{number} 编号、{site} 点位。</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>by time servers (NTP)</source>
        <translation>时间服务器（NTP）</translation>
    </message>
    <message>
        <source>this computer&apos;s time, once</source>
        <translation>按本机时间校准一次</translation>
    </message>
    <message>
        <source>Addresses or names, or DHCP.</source>
        <translation>地址或名称，或 DHCP。</translation>
    </message>
    <message>
        <source>As POSIX writes it: CST-8 is Beijing&apos;s time.</source>
        <translation>POSIX 写法：CST-8 即北京时间。</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Letters, digits and hyphens.</source>
        <translation>字母、数字和连字符。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Host name</source>
        <translation>主机名</translation>
    </message>
    <message>
        <source>Text on the picture</source>
        <translation>画面文字</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Date and time</source>
        <translation>日期时间</translation>
    </message>
    <message>
        <source>Main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>Substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Picture size</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Frame rate</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>a second</source>
        <translation>帧/秒</translation>
    </message>
    <message>
        <source>Bit rate</source>
        <translation>码率</translation>
    </message>
    <message>
        <source>Key frame every</source>
        <translation>关键帧间隔</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>another password</source>
        <translation>更换密码</translation>
    </message>
    <message>
        <source>another user</source>
        <translation>更换用户</translation>
    </message>
    <message>
        <source>user name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>new password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>once more</source>
        <translation>再输一次</translation>
    </message>
    <message>
        <source>a different password for each camera</source>
        <translation>每台相机使用不同的密码</translation>
    </message>
    <message>
        <source>Made at random and kept with this workstation&apos;s passwords; nobody has to know it.</source>
        <translation>随机生成，与本席位的密码一同保存，无人需要知道。</translation>
    </message>
    <message>
        <source>delete the old user afterwards</source>
        <translation>之后删除旧用户</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>(new template)</source>
        <translation>（新模板）</translation>
    </message>
    <message>
        <source>Save template</source>
        <translation>保存模板</translation>
    </message>
    <message>
        <source>Template “{name}” saved.</source>
        <translation>模板“{name}”已保存。</translation>
    </message>
    <message>
        <source>Template “{name}” deleted. The form still holds it.</source>
        <translation>模板“{name}”已删除，表单中仍保留其内容。</translation>
    </message>
    <message>
        <source>Give the new password.</source>
        <translation>请输入新密码。</translation>
    </message>
    <message>
        <source>The two passwords differ.</source>
        <translation>两次输入的密码不同。</translation>
    </message>
    <message>
        <source>No camera fits “{words}”.</source>
        <translation>没有符合“{words}”的相机。</translation>
    </message>
    <message>
        <source>The camera is gone.</source>
        <translation>相机已被移除。</translation>
    </message>
    <message>
        <source>No ONVIF address is known. Enter it under “Edit camera”.</source>
        <translation>没有 ONVIF 地址，请在“编辑相机”中填写。</translation>
    </message>
    <message numerus="yes">
        <source>Reading %n camera(s)…</source>
        <translation>
            <numerusform>正在读取 %n 台相机…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n 项更改</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>on %n camera(s)</source>
        <translation>
            <numerusform>涉及 %n 台相机</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are as wished</source>
        <translation>
            <numerusform>%n 台已符合要求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 台失败</numerusform>
        </translation>
    </message>
    <message>
        <source>Set {changes} on {cameras}?</source>
        <translation>在 {cameras} 上设置 {changes}？</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s)</source>
        <translation>
            <numerusform>%n 项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 台相机</numerusform>
        </translation>
    </message>
    <message>
        <source>Pictures may stop for a moment, and some cameras start anew.</source>
        <translation>画面可能短暂中断，有的相机会重启。</translation>
    </message>
    <message numerus="yes">
        <source>The account of %n camera(s) changes. The old password is forgotten only once the camera has taken the new one; until then both are kept.</source>
        <translation>
            <numerusform>将更改 %n 台相机的账号。相机确实接受新密码之后才会忘记旧密码；在此之前两者都保留。</numerusform>
        </translation>
    </message>
    <message>
        <source>The new passwords are known to this workstation and its server alone.</source>
        <translation>新密码只有本席位及其服务器知道。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) set</source>
        <translation>
            <numerusform>已设置 %n 项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) brought back</source>
        <translation>
            <numerusform>已恢复 %n 项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not</source>
        <translation>
            <numerusform>%n 项未成功</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Setting up %n camera(s)…</source>
        <translation>
            <numerusform>正在设置 %n 台相机…</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping: those under way finish their step…</source>
        <translation>正在停止：进行中的完成当前步骤…</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Bring back {changes} on {cameras}?</source>
        <translation>在 {cameras} 上恢复 {changes}？</translation>
    </message>
    <message>
        <source>Clocks stay as they are.</source>
        <translation>时钟保持现状。</translation>
    </message>
    <message>
        <source>The accounts of before come back too, with their old passwords.</source>
        <translation>原来的账号和旧密码也会恢复。</translation>
    </message>
    <message>
        <source>{done} of {count}</source>
        <translation>{done} / {count}</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>not compared yet</source>
        <translation>尚未对比</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>读取中…</translation>
    </message>
    <message>
        <source>nothing is wished yet</source>
        <translation>尚未填写要求</translation>
    </message>
    <message>
        <source>as wished</source>
        <translation>已符合要求</translation>
    </message>
    <message>
        <source>setting…</source>
        <translation>设置中…</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message numerus="yes">
        <source>%n of it not set</source>
        <translation>
            <numerusform>%n 项未设置</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare first; then tick what is to be set.</source>
        <translation>请先对比，再勾选要设置的项目。</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>原值</translation>
    </message>
    <message>
        <source>{when}, {who}, {console}</source>
        <translation>{when}，{who}，{console}</translation>
    </message>
    <message>
        <source>Set-up of cameras</source>
        <translation>相机设置报告</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
    <message>
        <source>Cameras are being set up. Stop, and close when those under way are done?</source>
        <translation>正在设置相机。是否停止？进行中的完成后即可关闭。</translation>
    </message>
</context>
<context>
    <name>CameraCommands</name>
    <message>
        <source>Open the camera in a tile first: areas are drawn over its picture.</source>
        <translation>请先在窗格中打开该相机：遮挡区域画在其画面上。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) added</source>
        <translation>
            <numerusform>已添加 %n 台相机</numerusform>
        </translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Choose the camera that is to be accepted.</source>
        <translation>请选择要验收的相机。</translation>
    </message>
    <message>
        <source>Choose the camera that is to be compared.</source>
        <translation>请选择要比较的相机。</translation>
    </message>
    <message>
        <source>Remove “{name}” from this workstation? It leaves the wall and all views.</source>
        <translation>从本席位移除“{name}”？它将从电视墙和所有视图中消失。</translation>
    </message>
    <message>
        <source>Remove camera</source>
        <translation>移除相机</translation>
    </message>
    <message>
        <source>“{name}” was removed.</source>
        <translation>“{name}”已移除。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>CameraDialog</name>
    <message>
        <source>Edit camera</source>
        <translation>编辑相机</translation>
    </message>
    <message>
        <source>Add camera</source>
        <translation>添加相机</translation>
    </message>
    <message>
        <source>optional: the small stream for tiles</source>
        <translation>可选：窗格使用的子码流</translation>
    </message>
    <message>
        <source>TCP (default)</source>
        <translation>TCP（默认）</translation>
    </message>
    <message>
        <source>Main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>Substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>place and direction, such as “Zhongshan Rd, N”</source>
        <translation>地点和朝向，例如“中山路 朝北”</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>choose, or type a new site&apos;s name</source>
        <translation>选择，或输入新地点的名称</translation>
    </message>
    <message>
        <source>optional, 1 to 999999</source>
        <translation>可选，1 到 999999</translation>
    </message>
    <message>
        <source>optional, 20 digits (GB/T 28181)</source>
        <translation>可选，20 位数字（GB/T 28181）</translation>
    </message>
    <message>
        <source>Never degrade</source>
        <translation>从不降级</translation>
    </message>
    <message>
        <source>Verify the certificate of rtsps and https addresses</source>
        <translation>验证 rtsps 和 https 地址的证书</translation>
    </message>
    <message>
        <source>Off: any certificate is accepted, also that of somebody in between.</source>
        <translation>关闭：接受任何证书，包括中间人的证书。</translation>
    </message>
    <message>
        <source>When this computer is short of power, other tiles give way first: they get the small stream, then fewer pictures. Mark few cameras.</source>
        <translation>本机性能不足时，其他窗口先降级：先改用子码流，再减少画面。请只标记少数相机。</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>English name</source>
        <translation>英文名称</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Call number</source>
        <translation>调用号</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>重要性</translation>
    </message>
    <message>
        <source>“Test” shows the camera&apos;s picture here.</source>
        <translation>点“测试”后在此显示相机画面。</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>测试(&amp;T)</translation>
    </message>
    <message>
        <source>Save without a test</source>
        <translation>不测试直接保存</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The password goes into the system&apos;s keyring.</source>
        <translation>密码保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>This system has no keyring: passwords go into an encrypted file that only your account can read.</source>
        <translation>本系统没有密钥环：密码保存在只有您的账户可读的加密文件中。</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>Test the camera to save it.</source>
        <translation>测试通过后才能保存。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Cancel the test</source>
        <translation>取消测试</translation>
    </message>
    <message>
        <source>Asking the camera…</source>
        <translation>正在查询相机…</translation>
    </message>
    <message>
        <source>PTZ: yes</source>
        <translation>云台：有</translation>
    </message>
    <message numerus="yes">
        <source>A recorder of %n channel(s): this is the first. “Find cameras” adds all.</source>
        <translation>
            <numerusform>这是有 %n 个通道的录像机，此处为第一个通道。用“查找相机”可全部添加。</numerusform>
        </translation>
    </message>
    <message>
        <source>Certificate (SHA-256), known from now on: {fingerprint}</source>
        <translation>证书（SHA-256），自此记住：{fingerprint}</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>无画面</translation>
    </message>
    <message>
        <source>The camera did not answer in time.</source>
        <translation>相机未及时应答。</translation>
    </message>
    <message>
        <source>My organisation</source>
        <translation>我的单位</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>需要名称。</translation>
    </message>
    <message>
        <source>The device shows another certificate than before. It was renewed or the device replaced, or somebody listens in between.

before: {before}
now: {now}

Trust the new one only if you know why it changed.</source>
        <translation>设备出示的证书与以前不同。可能是证书已更新、设备已更换，或有人在中间窃听。

以前：{before}
现在：{now}

只有知道更换原因时才信任新证书。</translation>
    </message>
    <message>
        <source>Certificate changed</source>
        <translation>证书已变更</translation>
    </message>
    <message>
        <source>Trust the new one</source>
        <translation>信任新证书</translation>
    </message>
    <message>
        <source>The name is too long (100 characters).</source>
        <translation>名称过长（最多 100 个字符）。</translation>
    </message>
    <message>
        <source>Choose a site, or type a new one&apos;s name.</source>
        <translation>请选择地点，或输入新地点的名称。</translation>
    </message>
    <message>
        <source>The code must have 20 digits with a known shape.</source>
        <translation>编码必须是 20 位数字且格式有效。</translation>
    </message>
    <message>
        <source>Another camera has this code.</source>
        <translation>另一台相机已使用此编码。</translation>
    </message>
    <message>
        <source>The call number must be 1 to 999999.</source>
        <translation>调用号必须是 1 到 999999。</translation>
    </message>
    <message>
        <source>Another camera has this call number.</source>
        <translation>另一台相机已使用此调用号。</translation>
    </message>
    <message>
        <source>Test the camera first: its streams are not known.</source>
        <translation>请先测试相机：尚不知道其码流。</translation>
    </message>
    <message>
        <source>The address must look like rtsp://host/path.</source>
        <translation>地址格式应为 rtsp://主机/路径。</translation>
    </message>
    <message>
        <source>User name and password go into their own fields.</source>
        <translation>用户名和密码请填入各自的栏目。</translation>
    </message>
</context>
<context>
    <name>CamerasDialog</name>
    <message>
        <source>The cameras that are ticked get one ticket of their own about the same fault. One camera has to stay.</source>
        <translation>勾选的相机就同一故障另立一张工单。至少留下一台相机。</translation>
    </message>
    <message>
        <source>Separate</source>
        <translation>分出</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>CardPanel</name>
    <message>
        <source>No task card for this category.</source>
        <translation>该类别没有任务卡。</translation>
    </message>
</context>
<context>
    <name>CareDialog</name>
    <message>
        <source>Who answers for this site</source>
        <translation>本场所由谁负责</translation>
    </message>
    <message>
        <source>(the site&apos;s own organisation)</source>
        <translation>（场所所属单位）</translation>
    </message>
    <message>
        <source>Name and telephone number</source>
        <translation>姓名和电话</translation>
    </message>
    <message>
        <source>Responsible</source>
        <translation>责任单位</translation>
    </message>
    <message>
        <source>Maintainer</source>
        <translation>维护单位</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CaseDialog</name>
    <message>
        <source>Why are pictures taken?</source>
        <translation>为何调取图像？</translation>
    </message>
    <message>
        <source>incident or case number</source>
        <translation>事件或案件编号</translation>
    </message>
    <message>
        <source>Incident in progress</source>
        <translation>正在处置的事件</translation>
    </message>
    <message>
        <source>Report of an offence</source>
        <translation>报案</translation>
    </message>
    <message>
        <source>Traffic accident</source>
        <translation>交通事故</translation>
    </message>
    <message>
        <source>Missing person</source>
        <translation>寻人</translation>
    </message>
    <message>
        <source>Fault of a camera</source>
        <translation>相机故障</translation>
    </message>
    <message>
        <source>Request of another organisation</source>
        <translation>其他单位申请</translation>
    </message>
    <message>
        <source>Order of the duty officer</source>
        <translation>值班领导指令</translation>
    </message>
    <message>
        <source>Written request</source>
        <translation>书面申请</translation>
    </message>
    <message>
        <source>Emergency call</source>
        <translation>报警电话</translation>
    </message>
    <message>
        <source>Maintenance duty</source>
        <translation>运维职责</translation>
    </message>
    <message>
        <source>choose or type</source>
        <translation>选择或输入</translation>
    </message>
    <message>
        <source>who asked for it</source>
        <translation>由谁提出</translation>
    </message>
    <message>
        <source>who allowed it</source>
        <translation>由谁批准</translation>
    </message>
    <message>
        <source>It goes into the register of retrievals and into every package. It holds for all you take until you end the case.</source>
        <translation>将写入调取登记和每个证据包。在结束本案之前，对所有调取有效。</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Purpose *</source>
        <translation>用途 *</translation>
    </message>
    <message>
        <source>Basis *</source>
        <translation>依据 *</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
    <message>
        <source>Purpose and basis are needed.</source>
        <translation>必须填写用途和依据。</translation>
    </message>
</context>
<context>
    <name>CodeDialog</name>
    <message>
        <source>Enrolment code</source>
        <translation>注册码</translation>
    </message>
    <message>
        <source>Console of</source>
        <translation>席位所属单位</translation>
    </message>
    <message>
        <source>The code serves for one console, within the hour. On the console it is typed where it is connected with the server.</source>
        <translation>此码供一个席位在一小时内使用，在席位连接服务器时输入。</translation>
    </message>
    <message>
        <source>Make code</source>
        <translation>生成注册码</translation>
    </message>
</context>
<context>
    <name>Commissioning</name>
    <message>
        <source>fault {number}</source>
        <translation>故障 {number}</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Installer</source>
        <translation>安装人</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>审核人</translation>
    </message>
    <message>
        <source>Sampled by</source>
        <translation>抽查人</translation>
    </message>
    <message>
        <source>Accepted at</source>
        <translation>验收时间</translation>
    </message>
    <message>
        <source>Acceptance report</source>
        <translation>验收报告</translation>
    </message>
    <message>
        <source>No claim of conformity with any standard.</source>
        <translation>不声明符合任何标准。</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>功能</translation>
    </message>
    <message>
        <source>Text in the picture, clock</source>
        <translation>字幕与时钟</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>现场</translation>
    </message>
    <message>
        <source>Law</source>
        <translation>合法性</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>The 20-digit code follows the rules of GB/T 28181.</source>
        <translation>20 位编码符合 GB/T 28181 规则。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>The name says place and direction, as people call them. Enter it as the value.</source>
        <translation>名称应按通常叫法说明地点和朝向。请作为数值填写。</translation>
    </message>
    <message>
        <source>Place and direction</source>
        <translation>位置与朝向</translation>
    </message>
    <message>
        <source>Pole number, position on the map, bearing. Enter what you checked.</source>
        <translation>杆号、地图位置、方位角。请填写核对结果。</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>As on the label of the device.</source>
        <translation>与设备标签一致。</translation>
    </message>
    <message>
        <source>Reference picture by day</source>
        <translation>白天基准图</translation>
    </message>
    <message>
        <source>What later pictures are compared with. Take it when the picture is sharp.</source>
        <translation>以后的图像以此对比。请在画面清晰时取图。</translation>
    </message>
    <message>
        <source>Reference picture by night</source>
        <translation>夜间基准图</translation>
    </message>
    <message>
        <source>With its lamp, without reflections. Come back after dark, or say why not.</source>
        <translation>开补光、无反光。请天黑后再来，或说明原因。</translation>
    </message>
    <message>
        <source>Field of view</source>
        <translation>视场</translation>
    </message>
    <message>
        <source>As designed; name what stands in the way.</source>
        <translation>符合设计；写明遮挡物。</translation>
    </message>
    <message>
        <source>Detail at marked distances</source>
        <translation>标定距离处的细节</translation>
    </message>
    <message>
        <source>A person of 1.70 m at the near, middle and far mark: how many pixels high? 425 is 250 px/m.</source>
        <translation>1.70 米的人站在近、中、远标记处，高多少像素？425 即 250 像素/米。</translation>
    </message>
    <message>
        <source>Main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>Measured by the client.</source>
        <translation>由客户端测量。</translation>
    </message>
    <message>
        <source>Substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>First picture</source>
        <translation>首帧</translation>
    </message>
    <message>
        <source>Within 5 s of the call. Measured by the client.</source>
        <translation>调用后 5 秒内。由客户端测量。</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接数</translation>
    </message>
    <message>
        <source>How many the camera bears at once. Measured by the client.</source>
        <translation>相机能同时承受的连接数。由客户端测量。</translation>
    </message>
    <message>
        <source>PTZ in all directions</source>
        <translation>云台各方向</translation>
    </message>
    <message>
        <source>The client turns and zooms the camera each way and sees that it moves and stops.</source>
        <translation>客户端向各方向转动和变焦，并确认其动作和停止。</translation>
    </message>
    <message>
        <source>Presets and home</source>
        <translation>预置位与守望位</translation>
    </message>
    <message>
        <source>Set, named, and reached from anywhere.</source>
        <translation>已设置、已命名，并可从任意位置到达。</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>On or off, as it is allowed here.</source>
        <translation>按此处规定开启或关闭。</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Whether the camera tells of motion, tampering, inputs.</source>
        <translation>相机是否上报移动、遮挡、开关量。</translation>
    </message>
    <message>
        <source>Text in the picture</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Right, readable, in its corner.</source>
        <translation>正确、清晰、位于角落。</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>At most 5 s off. Measured by the client against this computer&apos;s clock.</source>
        <translation>误差不超过 5 秒。由客户端按本机时钟测量。</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Play the recording after ten minutes at least; keep a picture of it.</source>
        <translation>至少十分钟后回放录像，并留一张图。</translation>
    </message>
    <message>
        <source>Retention</source>
        <translation>保存期</translation>
    </message>
    <message>
        <source>The day on which it can be proved is in the calendar.</source>
        <translation>可验证的日期已列入日程。</translation>
    </message>
    <message>
        <source>Loss and jitter</source>
        <translation>丢失与抖动</translation>
    </message>
    <message>
        <source>Below 1 % missing pictures. Measured by the client.</source>
        <translation>丢帧低于 1 %。由客户端测量。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Not the maker&apos;s, and not another camera&apos;s. It is not written down here.</source>
        <translation>不是出厂密码，也不与其他相机相同。此处不记录密码。</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>What is not needed is switched off.</source>
        <translation>不需要的已关闭。</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>固件</translation>
    </message>
    <message>
        <source>The version, and that no newer one mends a hole.</source>
        <translation>版本，以及是否有修补漏洞的新版本。</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Own or issued, with its end in the calendar.</source>
        <translation>自签或签发，到期日已列入日程。</translation>
    </message>
    <message>
        <source>Cabinet</source>
        <translation>机箱</translation>
    </message>
    <message>
        <source>Inside: grounding, lightning protection, cables. A photo.</source>
        <translation>内部：接地、防雷、线缆。附照片。</translation>
    </message>
    <message>
        <source>Warning sign</source>
        <translation>提示标识</translation>
    </message>
    <message>
        <source>The sign of a video area can be seen from where people come. A photo.</source>
        <translation>行人来向可见“视频图像采集区域”标识。附照片。</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>What for, and who approved it: the name as a note.</source>
        <translation>用途及批准人：姓名写入备注。</translation>
    </message>
    <message>
        <source>Private areas</source>
        <translation>隐私区域</translation>
    </message>
    <message>
        <source>Windows and gardens are covered.</source>
        <translation>窗户和庭院已遮挡。</translation>
    </message>
    <message>
        <source>Allowed place</source>
        <translation>允许的地点</translation>
    </message>
    <message>
        <source>No place where cameras are forbidden.</source>
        <translation>不是禁止安装的场所。</translation>
    </message>
    <message>
        <source>open</source>
        <translation>未定</translation>
    </message>
    <message>
        <source>pass</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>fail</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>not applicable</source>
        <translation>不适用</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>submitted</source>
        <translation>已提交</translation>
    </message>
    <message>
        <source>sent back</source>
        <translation>已退回</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已验收</translation>
    </message>
    <message>
        <source>sampled</source>
        <translation>已抽查</translation>
    </message>
    <message>
        <source>Not decided yet.</source>
        <translation>尚未判定。</translation>
    </message>
    <message>
        <source>Say why, in the note.</source>
        <translation>请在备注中说明原因。</translation>
    </message>
    <message>
        <source>A picture is missing.</source>
        <translation>缺少图片。</translation>
    </message>
    <message>
        <source>A value is missing: measure, or write it in the note.</source>
        <translation>缺少数值：请测量，或写入备注。</translation>
    </message>
    <message>
        <source>Write the name in the note.</source>
        <translation>请在备注中写明姓名。</translation>
    </message>
    <message>
        <source>Another person must do this: who set a camera up does not accept it.</source>
        <translation>须由他人完成：安装人不能验收自己的相机。</translation>
    </message>
    <message>
        <source>Report a fault for each item that failed, and name it.</source>
        <translation>请为每个不合格项报修，并填写单号。</translation>
    </message>
    <message>
        <source>Say what is to be done.</source>
        <translation>请写明要做什么。</translation>
    </message>
    <message>
        <source>It was submitted: only a reviewer can send it back.</source>
        <translation>已提交：只有审核人可退回。</translation>
    </message>
    <message>
        <source>It was not submitted yet.</source>
        <translation>尚未提交。</translation>
    </message>
    <message>
        <source>Somebody must be signed in to sign.</source>
        <translation>须有人登录才能签字。</translation>
    </message>
    <message>
        <source>It was not accepted yet.</source>
        <translation>尚未验收。</translation>
    </message>
    <message>
        <source>no movement: {axes}</source>
        <translation>不动作：{axes}</translation>
    </message>
    <message>
        <source>The camera has no code yet.</source>
        <translation>相机尚无编码。</translation>
    </message>
    <message>
        <source>The code breaks the rules of GB/T 28181.</source>
        <translation>编码不符合 GB/T 28181 规则。</translation>
    </message>
    <message>
        <source>The camera has no such stream.</source>
        <translation>相机没有该码流。</translation>
    </message>
    <message>
        <source>The first picture took longer than 5 s.</source>
        <translation>首帧超过 5 秒。</translation>
    </message>
    <message>
        <source>Pictures are missing.</source>
        <translation>有丢帧。</translation>
    </message>
    <message>
        <source>The camera bears one connection only.</source>
        <translation>相机只能承受一个连接。</translation>
    </message>
    <message>
        <source>The camera has no ONVIF address.</source>
        <translation>相机没有 ONVIF 地址。</translation>
    </message>
    <message>
        <source>The camera tells no events.</source>
        <translation>相机不上报事件。</translation>
    </message>
    <message>
        <source>The camera&apos;s clock is wrong.</source>
        <translation>相机时钟不准。</translation>
    </message>
    <message>
        <source>It took longer than 2 s to stand still.</source>
        <translation>超过 2 秒才停稳。</translation>
    </message>
    <message>
        <source>jitter</source>
        <translation>抖动</translation>
    </message>
    <message>
        <source>key frame every</source>
        <translation>关键帧间隔</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>first picture after</source>
        <translation>首帧</translation>
    </message>
    <message>
        <source>longest gap</source>
        <translation>最长中断</translation>
    </message>
    <message>
        <source>off by</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>stands after</source>
        <translation>停稳</translation>
    </message>
    <message>
        <source>borne</source>
        <translation>承受</translation>
    </message>
    <message>
        <source>tried</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>judged by</source>
        <translation>判定依据</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>up</source>
        <translation>上</translation>
    </message>
    <message>
        <source>down</source>
        <translation>下</translation>
    </message>
    <message>
        <source>in</source>
        <translation>拉近</translation>
    </message>
    <message>
        <source>out</source>
        <translation>推远</translation>
    </message>
    <message>
        <source>moves</source>
        <translation>动作</translation>
    </message>
    <message>
        <source>does not move</source>
        <translation>不动作</translation>
    </message>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>width</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>height</source>
        <translation>高</translation>
    </message>
    <message>
        <source>bit rate</source>
        <translation>码率</translation>
    </message>
    <message>
        <source>on the plan “{name}”</source>
        <translation>平面图“{name}”上</translation>
    </message>
    <message>
        <source>looks to {value}°</source>
        <translation>朝向 {value}°</translation>
    </message>
    <message>
        <source>field of view {value}°</source>
        <translation>视场角 {value}°</translation>
    </message>
    <message>
        <source>{value} m high</source>
        <translation>高 {value} m</translation>
    </message>
    <message>
        <source>{value}° down</source>
        <translation>下倾 {value}°</translation>
    </message>
    <message>
        <source>ground from {value} m</source>
        <translation>地面可见自 {value} m</translation>
    </message>
    <message>
        <source>to {value} m</source>
        <translation>至 {value} m</translation>
    </message>
    <message>
        <source>near</source>
        <translation>近</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>中</translation>
    </message>
    <message>
        <source>far</source>
        <translation>远</translation>
    </message>
    <message>
        <source>{mark} {distance} m: {density} px/m, {reached}</source>
        <translation>{mark} {distance} m：{density} px/m，{reached}</translation>
    </message>
    <message>
        <source>computed: {values}</source>
        <translation>计算值：{values}</translation>
    </message>
</context>
<context>
    <name>CommissioningWindow</name>
    <message>
        <source>%v of %m done</source>
        <translation>已完成 %v / %m 项</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>测量(&amp;M)</translation>
    </message>
    <message>
        <source>Streams, clock, connections and PTZ; takes about a minute. The camera turns.</source>
        <translation>码流、时钟、连接数和云台，约需一分钟。相机会转动。</translation>
    </message>
    <message>
        <source>Note: the value, what is wrong, or why it does not apply</source>
        <translation>备注：数值、问题，或不适用的原因</translation>
    </message>
    <message>
        <source>&amp;Take picture now</source>
        <translation>立即取图(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Choose photo…</source>
        <translation>选择照片(&amp;C)…</translation>
    </message>
    <message>
        <source>A free one by GB/T 28181, after the site&apos;s other cameras; asks before it is entered</source>
        <translation>按 GB/T 28181 规则，参照本场所其他相机给出未用编码；写入前会询问</translation>
    </message>
    <message>
        <source>P&amp;lace and view…</source>
        <translation>位置与视野(&amp;L)…</translation>
    </message>
    <message>
        <source>On a plan, with the field of view and the detail at marked distances</source>
        <translation>在平面图上标出，并计算视场和各标记距离处的清晰度</translation>
    </message>
    <message>
        <source>Read from p&amp;hoto…</source>
        <translation>从照片读取(&amp;H)…</translation>
    </message>
    <message>
        <source>The QR or bar code on the label of the device</source>
        <translation>设备标签上的二维码或条形码</translation>
    </message>
    <message>
        <source>&amp;Pass</source>
        <translation>合格(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Fail</source>
        <translation>不合格(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Not applicable</source>
        <translation>不适用(&amp;N)</translation>
    </message>
    <message>
        <source>Has it &amp;moved?…</source>
        <translation>是否移位(&amp;M)…</translation>
    </message>
    <message>
        <source>Report &amp;faults…</source>
        <translation>报告故障(&amp;F)…</translation>
    </message>
    <message>
        <source>One fault for all items that failed, filled in</source>
        <translation>把所有不合格项合成一张故障单，内容已填好</translation>
    </message>
    <message>
        <source>&amp;Sign and submit</source>
        <translation>签字并提交(&amp;S)</translation>
    </message>
    <message>
        <source>The picture is not on this workstation.</source>
        <translation>图片不在本席位。</translation>
    </message>
    <message>
        <source>Send &amp;back…</source>
        <translation>退回(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Accept…</source>
        <translation>验收通过(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Report (PDF)…</source>
        <translation>报告 (PDF)(&amp;R)…</translation>
    </message>
    <message>
        <source>Check and accept: {camera}</source>
        <translation>检查与验收：{camera}</translation>
    </message>
    <message>
        <source>Propose a &amp;code</source>
        <translation>推荐编码(&amp;C)</translation>
    </message>
    <message>
        <source>Samp&amp;led</source>
        <translation>已抽查(&amp;L)</translation>
    </message>
    <message>
        <source>A third person has looked at it, too</source>
        <translation>第三人也已查看</translation>
    </message>
    <message>
        <source>Ne&amp;w acceptance</source>
        <translation>重新验收(&amp;W)</translation>
    </message>
    <message>
        <source>After a repair or a change; this one stays as it is</source>
        <translation>维修或变更之后进行；本记录保持不变</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>installer {name}</source>
        <translation>安装人 {name}</translation>
    </message>
    <message>
        <source>reviewer {name}</source>
        <translation>审核人 {name}</translation>
    </message>
    <message>
        <source>sampled by {name}</source>
        <translation>抽查人 {name}</translation>
    </message>
    <message>
        <source>Begin with “Measure”: the client checks by itself what it can.</source>
        <translation>先点“测量”：能自动检查的由客户端检查。</translation>
    </message>
    <message numerus="yes">
        <source>Sent back: %n item(s) to do again.</source>
        <translation>
            <numerusform>已退回：%n 项需重做。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) failed: “Report faults…” makes one fault of them.</source>
        <translation>
            <numerusform>%n 项不合格：点“报告故障…”合成一张故障单。</numerusform>
        </translation>
    </message>
    <message>
        <source>Fault {number}</source>
        <translation>故障 {number}</translation>
    </message>
    <message>
        <source>Sent back: {what}</source>
        <translation>退回：{what}</translation>
    </message>
    <message>
        <source>No picture yet.</source>
        <translation>尚无图片。</translation>
    </message>
    <message>
        <source>Taking a picture…</source>
        <translation>正在取图…</translation>
    </message>
    <message>
        <source>Choose photo</source>
        <translation>选择照片</translation>
    </message>
    <message>
        <source>Pictures (*.jpg *.jpeg *.png)</source>
        <translation>图片 (*.jpg *.jpeg *.png)</translation>
    </message>
    <message>
        <source>This file is no picture that can be used (JPEG or PNG, at most 16 MB).</source>
        <translation>此文件不是可用的图片（JPEG 或 PNG，不超过 16 MB）。</translation>
    </message>
    <message>
        <source>Measuring: streams, clock, connections, PTZ…</source>
        <translation>正在测量：码流、时钟、连接数、云台…</translation>
    </message>
    <message>
        <source>Measured. What is left needs your eyes.</source>
        <translation>测量完成。其余项目需人工查看。</translation>
    </message>
    <message>
        <source>Not measured: {reason}</source>
        <translation>未能测量：{reason}</translation>
    </message>
    <message>
        <source>Accepted. Its pictures and values are the camera&apos;s baseline now.</source>
        <translation>验收通过。其图片和数值现为该相机的基准。</translation>
    </message>
    <message>
        <source>Sampled.</source>
        <translation>已抽查。</translation>
    </message>
    <message>
        <source>Fault {number} is in the record.</source>
        <translation>故障 {number} 已记入验收记录。</translation>
    </message>
    <message>
        <source>Kept. The detail at the marks still needs a person to stand there.</source>
        <translation>已保存。各标记处的清晰度仍需有人站到位置上实测。</translation>
    </message>
    <message>
        <source>No code can be proposed: neither the site&apos;s other cameras have one, nor is the division known (file of the device, F4).</source>
        <translation>无法推荐编码：本场所其他相机没有编码，行政区域也未填写（设备档案，F4）。</translation>
    </message>
    <message>
        <source>Propose a code</source>
        <translation>推荐编码</translation>
    </message>
    <message>
        <source>Enter this code for {camera}?</source>
        <translation>为“{camera}”写入此编码？</translation>
    </message>
    <message>
        <source>The code was entered in the file of the device.</source>
        <translation>编码已写入设备档案。</translation>
    </message>
    <message>
        <source>Another camera has this code.</source>
        <translation>另一台相机已用此编码。</translation>
    </message>
    <message>
        <source>Photo of the label</source>
        <translation>标签照片</translation>
    </message>
    <message>
        <source>No QR or bar code can be read in this photo. Go nearer, without reflections, or type the number.</source>
        <translation>照片中读不出二维码或条形码。请靠近拍摄、避免反光，或手工输入。</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Which is the serial number?</source>
        <translation>哪一个是序列号？</translation>
    </message>
    <message>
        <source>The label says {label}, the register {register}.</source>
        <translation>标签为 {label}，台账为 {register}。</translation>
    </message>
    <message>
        <source>Read from the label: {serial}</source>
        <translation>从标签读出：{serial}</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Written: {name}</source>
        <translation>已写入：{name}</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>nothing in common with the reference: it looks elsewhere, or something is in the way</source>
        <translation>与参考图毫无共同之处：相机朝向别处，或有东西遮挡</translation>
    </message>
    <message>
        <source>the light is too different; compare again when it is like that of the reference</source>
        <translation>光线差别太大；请在与参考图相近的光线下再比较</translation>
    </message>
    <message>
        <source>somebody turned the camera since</source>
        <translation>之后有人转动过相机</translation>
    </message>
    <message>
        <source>no reference picture is on this workstation</source>
        <translation>本席位没有参考图</translation>
    </message>
    <message>
        <source>the reference shows nothing</source>
        <translation>参考图没有内容</translation>
    </message>
    <message>
        <source>the picture has another shape than the reference</source>
        <translation>画面比例与参考图不同</translation>
    </message>
    <message>
        <source>the same view</source>
        <translation>视野未变</translation>
    </message>
    <message>
        <source>it has moved</source>
        <translation>已移位</translation>
    </message>
    <message>
        <source>it hangs crooked</source>
        <translation>已歪斜</translation>
    </message>
    <message>
        <source>another zoom</source>
        <translation>变焦不同</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>模糊</translation>
    </message>
    <message>
        <source>dark: nothing can be seen</source>
        <translation>黑屏：什么也看不见</translation>
    </message>
    <message>
        <source>covered: nothing can be seen</source>
        <translation>被遮挡：什么也看不见</translation>
    </message>
    <message>
        <source>cannot tell: {why}</source>
        <translation>无法判断：{why}</translation>
    </message>
    <message>
        <source>to the right</source>
        <translation>向右</translation>
    </message>
    <message>
        <source>to the left</source>
        <translation>向左</translation>
    </message>
    <message>
        <source>down</source>
        <translation>向下</translation>
    </message>
    <message>
        <source>up</source>
        <translation>向上</translation>
    </message>
    <message>
        <source>the scene went {percent} % {way}</source>
        <translation>景物{way}移动 {percent} %</translation>
    </message>
    <message>
        <source> (about {degrees}°)</source>
        <translation>（约 {degrees}°）</translation>
    </message>
    <message>
        <source>turned by {degrees}°</source>
        <translation>旋转 {degrees}°</translation>
    </message>
    <message>
        <source>{percent} % of its size</source>
        <translation>大小为原来的 {percent} %</translation>
    </message>
    <message>
        <source>edges {percent} % as strong</source>
        <translation>边缘清晰度为原来的 {percent} %</translation>
    </message>
    <message>
        <source>agreement {percent} %</source>
        <translation>吻合度 {percent} %</translation>
    </message>
</context>
<context>
    <name>CompareWindow</name>
    <message>
        <source>Has it moved? {camera}</source>
        <translation>是否移位：{camera}</translation>
    </message>
    <message>
        <source>&amp;Line</source>
        <translation>分割线(&amp;L)</translation>
    </message>
    <message>
        <source>Drag the line, or use the arrow keys</source>
        <translation>拖动分割线，或用方向键</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>并排(&amp;B)</translation>
    </message>
    <message>
        <source>Bl&amp;ink</source>
        <translation>交替闪示(&amp;I)</translation>
    </message>
    <message>
        <source>One after the other: what moved jumps</source>
        <translation>轮流显示：移动之处会跳动</translation>
    </message>
    <message>
        <source>Try &amp;PTZ, too (the camera turns)</source>
        <translation>同时测试云台（相机会转动）(&amp;P)</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>验收时</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>&amp;Compare again</source>
        <translation>再次比较(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Turn to the reference and compare</source>
        <translation>转到参考位置再比较(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Report a fault…</source>
        <translation>报告故障(&amp;R)…</translation>
    </message>
    <message>
        <source>Filled in, with both pictures</source>
        <translation>内容已填好，附前后两张图</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>There is nothing to compare with yet.</source>
        <translation>还没有可比较的基准。</translation>
    </message>
    <message>
        <source>This camera was never accepted. Menu Camera, Check and accept…</source>
        <translation>这台相机从未验收。请用菜单“相机”中的“检查与验收…”。</translation>
    </message>
    <message>
        <source>No picture was accepted.</source>
        <translation>没有验收图片。</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>A picture, both streams and the clock are measured; takes some seconds.</source>
        <translation>正在测量画面、两路码流和时钟，需要几秒钟。</translation>
    </message>
    <message>
        <source>Cannot tell: there is no picture now.</source>
        <translation>无法判断：现在没有画面。</translation>
    </message>
    <message>
        <source>figures differ from the acceptance</source>
        <translation>指标与验收时不同</translation>
    </message>
    <message>
        <source>Acceptance {number}</source>
        <translation>验收 {number}</translation>
    </message>
    <message>
        <source>accepted {time}</source>
        <translation>验收 {time}</translation>
    </message>
    <message>
        <source>now {time}</source>
        <translation>现在 {time}</translation>
    </message>
    <message>
        <source>⚠ differs</source>
        <translation>⚠ 不同</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>未测试</translation>
    </message>
    <message>
        <source>Compared with acceptance {number} {time}</source>
        <translation>与验收 {number} {time} 比较</translation>
    </message>
</context>
<context>
    <name>ConflictDialog</name>
    <message>
        <source>Entries to decide</source>
        <translation>待决定的录入</translation>
    </message>
    <message>
        <source>Keep theirs</source>
        <translation>保留对方</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>保留我的</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>采用此值</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一项</translation>
    </message>
    <message>
        <source>or another value</source>
        <translation>或输入其他值</translation>
    </message>
    <message>
        <source>Nothing to decide.</source>
        <translation>没有待决定的内容。</translation>
    </message>
    <message>
        <source>(not on this console)</source>
        <translation>（不在本席位）</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} 项，共 {count} 项</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>as it was</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>重新发送</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>On the server</source>
        <translation>服务器上</translation>
    </message>
    <message>
        <source>This is no value for it.</source>
        <translation>此值不适用。</translation>
    </message>
</context>
<context>
    <name>ConsentDialog</name>
    <message>
        <source>Try makers&apos; default passwords?</source>
        <translation>尝试厂商默认密码？</translation>
    </message>
    <message>
        <source>One or two factory accounts are tried once on each new device that refuses your account. A device may count that as an attack and lock itself for some minutes. Try only devices that you are allowed to set up.

Your consent is entered in the log with your name, the time, the addresses and the purpose, and cannot be removed from it.</source>
        <translation>对每台拒绝您账号的新设备，尝试一到两个出厂账号，每个仅一次。设备可能将其视为攻击并锁定数分钟。请仅对您有权设置的设备进行尝试。

您的同意将连同姓名、时间、地址和用途记入日志，且无法删除。</translation>
    </message>
    <message>
        <source>such as: first set-up of the harbour, order 17</source>
        <translation>例如：港区首次设置，工单 17</translation>
    </message>
    <message>
        <source>&amp;Purpose</source>
        <translation>用途(&amp;P)</translation>
    </message>
    <message>
        <source>I agree: &amp;try them</source>
        <translation>同意并尝试(&amp;T)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ConsolesPage</name>
    <message>
        <source>No console is enrolled yet.

Press “Enrolment code…” and type the code on the console.</source>
        <translation>还没有注册的席位。

请点“注册码…”，并在席位上输入。</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最近联系</translation>
    </message>
    <message>
        <source>Enrolled</source>
        <translation>注册时间</translation>
    </message>
    <message>
        <source>Its evidence key</source>
        <translation>取证密钥</translation>
    </message>
    <message>
        <source>Enrolment code…</source>
        <translation>注册码…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>注销…</translation>
    </message>
    <message>
        <source>A console that is lost, sold or given back</source>
        <translation>丢失、出售或退还的席位</translation>
    </message>
    <message>
        <source>Choose a console first.</source>
        <translation>请先选择一个席位。</translation>
    </message>
    <message>
        <source>It is revoked already.</source>
        <translation>已注销。</translation>
    </message>
    <message>
        <source>revoked</source>
        <translation>已注销</translation>
    </message>
    <message>
        <source>enrolled</source>
        <translation>已注册</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>Type this code on the console, by {time}. It serves once.</source>
        <translation>请在 {time} 前在席位上输入此码，仅可使用一次。</translation>
    </message>
    <message>
        <source>Enrolment code</source>
        <translation>注册码</translation>
    </message>
    <message>
        <source>Everybody on “{name}” is signed out now. It synchronises no more until it is enrolled with a new code; what was not sent stays on it.</source>
        <translation>“{name}”上的所有人立即退出。用新注册码重新注册前不再同步；尚未发送的内容保留在该机上。</translation>
    </message>
    <message>
        <source>Revoke console</source>
        <translation>注销席位</translation>
    </message>
    <message>
        <source>Revoke now</source>
        <translation>立即注销</translation>
    </message>
</context>
<context>
    <name>Control</name>
    <message>
        <source>began to steer</source>
        <translation>开始控制</translation>
    </message>
    <message>
        <source>holds it for a stated time</source>
        <translation>限时占用</translation>
    </message>
    <message>
        <source>asked for it</source>
        <translation>提出请求</translation>
    </message>
    <message>
        <source>kept it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>gave it back</source>
        <translation>交还</translation>
    </message>
    <message>
        <source>got it, having asked</source>
        <translation>请求后获得</translation>
    </message>
    <message>
        <source>took it over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>let it run out</source>
        <translation>到期失效</translation>
    </message>
    <message>
        <source>console sent it back by itself</source>
        <translation>席位已自动将其送回</translation>
    </message>
    <message>
        <source>The server did not answer. Try again.</source>
        <translation>服务器没有应答，请重试。</translation>
    </message>
    <message>
        <source>Somebody else steers this camera: ask for it.</source>
        <translation>他人正在控制此相机：请先提出请求。</translation>
    </message>
    <message>
        <source>The other one has the same or a higher priority.</source>
        <translation>对方的优先级相同或更高。</translation>
    </message>
    <message>
        <source>You do not steer this camera any more.</source>
        <translation>您已不再控制此相机。</translation>
    </message>
    <message>
        <source>Nobody steers this camera: just move it.</source>
        <translation>无人控制此相机：直接操作即可。</translation>
    </message>
    <message>
        <source>Say why you take it over.</source>
        <translation>请说明接管原因。</translation>
    </message>
    <message>
        <source>You may not steer this camera.</source>
        <translation>您无权控制此相机。</translation>
    </message>
    <message>
        <source>Not changed: you may not steer this camera.</source>
        <translation>未更改：您无权控制此相机。</translation>
    </message>
    <message>
        <source>Not changed: {who} steers this camera. Ask for it first.</source>
        <translation>未更改：{who} 正在控制此相机。请先请求控制。</translation>
    </message>
    <message>
        <source>Not changed: {who} has steered this camera since {time}. Ask for it first.</source>
        <translation>未更改：{who} 自 {time} 起控制此相机。请先请求控制。</translation>
    </message>
    <message>
        <source>not moved: you may not steer this camera</source>
        <translation>未转动：您无权控制此相机</translation>
    </message>
    <message>
        <source>stopped here: {who} steers this camera</source>
        <translation>本席已停止：{who} 正在控制此相机</translation>
    </message>
    <message>
        <source>not done: {who} steers this camera</source>
        <translation>未执行：{who} 正在控制此相机</translation>
    </message>
</context>
<context>
    <name>ControlBox</name>
    <message>
        <source>As&amp;k for it…</source>
        <translation>请求控制(&amp;K)…</translation>
    </message>
    <message>
        <source>Ask whoever steers to let go</source>
        <translation>请正在控制的人让出</translation>
    </message>
    <message>
        <source>&amp;Give back</source>
        <translation>交还(&amp;G)</translation>
    </message>
    <message>
        <source>Let go, for whoever asked or for all</source>
        <translation>放开控制权，让给请求者或所有人</translation>
    </message>
    <message>
        <source>&amp;Take over…</source>
        <translation>接管(&amp;T)…</translation>
    </message>
    <message>
        <source>Steer in the other one&apos;s place: with a higher priority, and a reason</source>
        <translation>以更高优先级并说明原因，代替对方控制</translation>
    </message>
    <message>
        <source>&amp;Hold for 1 minute</source>
        <translation>占用 1 分钟(&amp;H)</translation>
    </message>
    <message>
        <source>Keep the camera although it stands</source>
        <translation>相机静止时也保留控制权</translation>
    </message>
    <message>
        <source>&amp;Who steered…</source>
        <translation>控制记录(&amp;W)…</translation>
    </message>
    <message>
        <source>Who steered this camera, when and why</source>
        <translation>谁、何时、为何控制过此相机</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>占用</translation>
    </message>
    <message>
        <source>More about steering this camera</source>
        <translation>更多控制选项</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>{who} asks for this camera: {why}</source>
        <translation>{who} 请求控制此相机：{why}</translation>
    </message>
    <message>
        <source>{who} asks for this camera.</source>
        <translation>{who} 请求控制此相机。</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>让出</translation>
    </message>
    <message>
        <source>{who} took this camera over: {why}</source>
        <translation>{who} 接管了此相机：{why}</translation>
    </message>
    <message>
        <source>Your time is over: {who}, who asked, has this camera now.</source>
        <translation>您的时间已到：请求者 {who} 已获得此相机。</translation>
    </message>
    <message>
        <source>It is yours now: move it within 15 seconds.</source>
        <translation>控制权已归您：请在 15 秒内操作。</translation>
    </message>
    <message>
        <source>{who} keeps this camera for {seconds} s more; then it is yours.</source>
        <translation>{who} 还保留 {seconds} 秒，之后归您。</translation>
    </message>
    <message>
        <source>You may no longer steer this camera.</source>
        <translation>您已无权控制此相机。</translation>
    </message>
    <message>
        <source>Control: asking the server…</source>
        <translation>控制权：正在询问服务器…</translation>
    </message>
    <message>
        <source>You may not steer this camera.</source>
        <translation>您无权控制此相机。</translation>
    </message>
    <message>
        <source>Not on the server yet: only this workstation counts</source>
        <translation>服务器尚无此相机：仅本席位有效</translation>
    </message>
    <message>
        <source>Goes back by itself: whoever moves it steers</source>
        <translation>正在自动返回：谁操作谁控制</translation>
    </message>
    <message>
        <source>Free: whoever moves it first steers</source>
        <translation>空闲：先操作者获得控制权</translation>
    </message>
    <message>
        <source>You steer  ·  priority {priority}  ·  {seconds} s left</source>
        <translation>您在控制  ·  优先级 {priority}  ·  剩余 {seconds} 秒</translation>
    </message>
    <message>
        <source>{who} steers  ·  priority {priority}  ·  {seconds} s left</source>
        <translation>{who} 在控制  ·  优先级 {priority}  ·  剩余 {seconds} 秒</translation>
    </message>
    <message>
        <source>At workstation {name}</source>
        <translation>席位：{name}</translation>
    </message>
    <message>
        <source>Since {time}</source>
        <translation>自 {time} 起</translation>
    </message>
    <message>
        <source>{who} asks for it.</source>
        <translation>{who} 请求控制。</translation>
    </message>
    <message>
        <source>{who} asks for it: {why}</source>
        <translation>{who} 请求控制：{why}</translation>
    </message>
    <message>
        <source>You asked for it. Kept for {seconds} s more.</source>
        <translation>您已请求。对方还保留 {seconds} 秒。</translation>
    </message>
    <message>
        <source>You asked for it; no answer yet.</source>
        <translation>您已请求，尚无答复。</translation>
    </message>
    <message>
        <source>{who} has asked for it.</source>
        <translation>{who} 已提出请求。</translation>
    </message>
    <message>
        <source>Server not reachable: others may steer too.</source>
        <translation>服务器无法连接：他人也可能在控制。</translation>
    </message>
    <message>
        <source>Do not ask any more</source>
        <translation>撤回请求</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>交还</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Your priority is {mine}, the other one&apos;s is {other}: ask for it.</source>
        <translation>您的优先级为 {mine}，对方为 {other}：请提出请求。</translation>
    </message>
    <message>
        <source>Ask for the camera</source>
        <translation>请求相机控制权</translation>
    </message>
    <message>
        <source>Why you need it (the other one reads it):</source>
        <translation>请求原因（对方可见）：</translation>
    </message>
    <message>
        <source>Take the camera over</source>
        <translation>接管相机</translation>
    </message>
    <message>
        <source>{who} is told, and loses the camera at once.
Why you need it:</source>
        <translation>{who} 会收到通知，并立即失去控制权。
接管原因：</translation>
    </message>
    <message>
        <source>Say why you take it over.</source>
        <translation>请说明接管原因。</translation>
    </message>
</context>
<context>
    <name>CostPanel</name>
    <message>
        <source>window</source>
        <translation>主窗口</translation>
    </message>
    <message>
        <source>decoder {n}</source>
        <translation>解码进程 {n}</translation>
    </message>
    <message>
        <source>main</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>sub</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>This wall takes {percent} % of this computer</source>
        <translation>本电视墙占用本机 {percent} %</translation>
    </message>
    <message>
        <source>other programs {percent} %</source>
        <translation>其他程序 {percent} %</translation>
    </message>
    <message>
        <source>memory {mb} MB ({percent} %)</source>
        <translation>内存 {mb} MB（{percent} %）</translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s)</source>
        <translation>
            <numerusform>%n 路视频</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them give way</source>
        <translation>
            <numerusform>其中 %n 路已降级</numerusform>
        </translation>
    </message>
    <message>
        <source>Decoded by {device}, small streams by the processor.</source>
        <translation>由 {device} 解码，小码流由处理器解码。</translation>
    </message>
    <message>
        <source>100 % of a process is one core; all streams are decoded by the processor.</source>
        <translation>进程的 100 % 为一个核心；所有视频由处理器解码。</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>100 % is one core</source>
        <translation>100 % 为一个核心</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>with libraries and pictures that it shares</source>
        <translation>含共享的程序库和画面</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>how often it was replaced after it died or hung</source>
        <translation>异常退出或无响应后被替换的次数</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>码流</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>fps</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>pictures decoded a second</source>
        <translation>每秒解码的画面数</translation>
    </message>
    <message>
        <source>ms/s</source>
        <translation>毫秒/秒</translation>
    </message>
    <message>
        <source>processor time a second: reading, decoding, scaling</source>
        <translation>每秒占用的处理器时间：接收、解码、缩放</translation>
    </message>
    <message>
        <source>Mbit/s</source>
        <translation>Mbit/s</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>pictures that came too late to be shown</source>
        <translation>到达过晚而未显示的画面</translation>
    </message>
    <message>
        <source>Late ms</source>
        <translation>延迟毫秒</translation>
    </message>
    <message>
        <source>against the stream&apos;s own pace</source>
        <translation>相对该码流自身节奏</translation>
    </message>
    <message>
        <source>Gives way</source>
        <translation>降级</translation>
    </message>
    <message>
        <source>what it does without while the computer is busy</source>
        <translation>本机繁忙时放弃的内容</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码进程</translation>
    </message>
    <message>
        <source>the decoder process</source>
        <translation>所在解码进程</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
</context>
<context>
    <name>Coverage</name>
    <message>
        <source>monitor</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>detect</source>
        <translation>探测</translation>
    </message>
    <message>
        <source>observe</source>
        <translation>观察</translation>
    </message>
    <message>
        <source>recognise</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>identify</source>
        <translation>辨认</translation>
    </message>
    <message>
        <source>inspect</source>
        <translation>检视</translation>
    </message>
    <message>
        <source>below all classes</source>
        <translation>低于所有等级</translation>
    </message>
</context>
<context>
    <name>CustodyDialog</name>
    <message>
        <source>Returned or destroyed</source>
        <translation>归还或销毁</translation>
    </message>
    <message>
        <source>Hand over an export</source>
        <translation>移交导出资料</translation>
    </message>
    <message>
        <source>by</source>
        <translation>限期</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>By whom</source>
        <translation>经手人</translation>
    </message>
    <message>
        <source>Receiver</source>
        <translation>接收人</translation>
    </message>
    <message>
        <source>Receiver&apos;s unit</source>
        <translation>接收单位</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>载体</translation>
    </message>
    <message>
        <source>To be returned or destroyed</source>
        <translation>须归还或销毁</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>name, as in the pass that was shown</source>
        <translation>姓名，与出示的证件一致</translation>
    </message>
    <message>
        <source>such as: warrant No. 12/2026</source>
        <translation>例如：调取证据通知书 2026-12 号</translation>
    </message>
    <message>
        <source>The entry is added to the register with your name and the time, and stays there.</source>
        <translation>本条将连同您的姓名和时间记入登记簿，不可删除。</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>登记</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Who receives it, or gave it back?</source>
        <translation>由谁接收或归还？</translation>
    </message>
    <message>
        <source>On which legal basis? A hand-over without one is none.</source>
        <translation>依据什么法律手续？没有依据不能移交。</translation>
    </message>
</context>
<context>
    <name>DecideDialog</name>
    <message>
        <source>Decide</source>
        <translation>审批</translation>
    </message>
    <message>
        <source>Who asks</source>
        <translation>申请方</translation>
    </message>
    <message>
        <source>For</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Allow to</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>(none given)</source>
        <translation>（未填写）</translation>
    </message>
    <message>
        <source>Asked on</source>
        <translation>申请时间</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>May be made earlier, not later than what was asked for</source>
        <translation>可以提前，不能晚于申请的时间</translation>
    </message>
    <message>
        <source>Needed to refuse; those who asked read it</source>
        <translation>拒绝时必填；申请方可见</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Approved as asked for</source>
        <translation>同意该申请</translation>
    </message>
    <message>
        <source>Say why it is refused, in three characters or more.</source>
        <translation>请说明拒绝的理由，至少三个字。</translation>
    </message>
</context>
<context>
    <name>DecidePage</name>
    <message>
        <source>Nobody waits for a decision.</source>
        <translation>没有待审批的申请。</translation>
    </message>
    <message>
        <source>Who asks</source>
        <translation>申请方</translation>
    </message>
    <message>
        <source>For</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Allow to</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Asked on</source>
        <translation>申请时间</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>审批…</translation>
    </message>
</context>
<context>
    <name>Definitions</name>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>one of a list</source>
        <translation>代码表单选</translation>
    </message>
    <message>
        <source>several of a list</source>
        <translation>代码表多选</translation>
    </message>
    <message>
        <source>of a list, or own words</source>
        <translation>代码表或自填</translation>
    </message>
    <message>
        <source>whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>IPv4 address</source>
        <translation>IPv4 地址</translation>
    </message>
    <message>
        <source>MAC address</source>
        <translation>MAC 地址</translation>
    </message>
    <message>
        <source>device code</source>
        <translation>设备编码</translation>
    </message>
    <message>
        <source>administrative division</source>
        <translation>行政区划</translation>
    </message>
    <message>
        <source>latitude</source>
        <translation>纬度</translation>
    </message>
    <message>
        <source>longitude</source>
        <translation>经度</translation>
    </message>
    <message>
        <source>IPv6 address</source>
        <translation>IPv6 地址</translation>
    </message>
    <message>
        <source>position: stays when the device is replaced</source>
        <translation>点位：更换设备后保留</translation>
    </message>
    <message>
        <source>device: goes with it</source>
        <translation>设备：随设备走</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Something is missing here.</source>
        <translation>此处有内容未填。</translation>
    </message>
    <message>
        <source>Codes have 1 to 20 characters and no “/”.</source>
        <translation>代码为 1 至 20 个字符，不含“/”。</translation>
    </message>
    <message>
        <source>Another field is called so.</source>
        <translation>已有同名字段。</translation>
    </message>
    <message>
        <source>Choose the code list.</source>
        <translation>请选择代码表。</translation>
    </message>
    <message>
        <source>Cameras have values: the type cannot change any more.</source>
        <translation>已有相机填写了值，类型不能再改。</translation>
    </message>
    <message>
        <source>Too many entries.</source>
        <translation>条目过多。</translation>
    </message>
    <message>
        <source>A code stands twice in the list.</source>
        <translation>代码表中有重复代码。</translation>
    </message>
    <message>
        <source>1 to 1000 characters.</source>
        <translation>1 至 1000 个字符。</translation>
    </message>
</context>
<context>
    <name>DefinitionsDialog</name>
    <message>
        <source>Fields and code lists of the register</source>
        <translation>档案字段与代码表</translation>
    </message>
    <message>
        <source>&amp;Fields</source>
        <translation>字段(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Code lists</source>
        <translation>代码表(&amp;C)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Only administrators of an organisation change these.</source>
        <translation>只有单位管理员可以修改。</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Required for</source>
        <translation>必填点位</translation>
    </message>
    <message>
        <source>&amp;New field</source>
        <translation>新建字段(&amp;N)</translation>
    </message>
    <message>
        <source>English name</source>
        <translation>英文名称</translation>
    </message>
    <message>
        <source>Chinese name</source>
        <translation>中文名称</translation>
    </message>
    <message>
        <source>Belongs to</source>
        <translation>归属</translation>
    </message>
    <message>
        <source>Code list</source>
        <translation>代码表</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位（计量）</translation>
    </message>
    <message>
        <source>At most characters</source>
        <translation>最多字符数</translation>
    </message>
    <message>
        <source>Place in the order</source>
        <translation>排列次序</translation>
    </message>
    <message>
        <source>Required for points of</source>
        <translation>必填的点位类型</translation>
    </message>
    <message>
        <source>&amp;Save field</source>
        <translation>保存字段(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Remove field…</source>
        <translation>删除字段(&amp;R)…</translation>
    </message>
    <message>
        <source>Ne&amp;w list</source>
        <translation>新建代码表(&amp;W)</translation>
    </message>
    <message>
        <source>name of the new list, such as “poles”</source>
        <translation>新代码表的英文名，如“poles”</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>&amp;Add entry</source>
        <translation>添加条目(&amp;A)</translation>
    </message>
    <message>
        <source>Remo&amp;ve entry</source>
        <translation>删除条目(&amp;V)</translation>
    </message>
    <message>
        <source>Save &amp;list</source>
        <translation>保存代码表(&amp;L)</translation>
    </message>
    <message>
        <source>all points</source>
        <translation>所有点位</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>defined here</source>
        <translation>本地定义</translation>
    </message>
    <message>
        <source>Of the exchange: its names and for which points it is required can be changed.</source>
        <translation>交换标准字段：可修改其名称和必填点位类型。</translation>
    </message>
    <message>
        <source>Version {number}, {at}  {person}</source>
        <translation>第 {number} 版，{at}  {person}</translation>
    </message>
    <message>
        <source>Version {number} until {at}: {what}  {person}</source>
        <translation>第 {number} 版，至 {at}：{what}  {person}</translation>
    </message>
    <message>
        <source>Back to &amp;the original</source>
        <translation>恢复原样(&amp;T)</translation>
    </message>
    <message>
        <source>A new field. It is shown under “Further fields” of every device.</source>
        <translation>新字段，将显示在每台设备档案的“其他字段”中。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) stay stored and are shown again when the field is defined again.</source>
        <translation>
            <numerusform>%n 个已填的值会保留，重新定义该字段后恢复显示。</numerusform>
        </translation>
    </message>
    <message>
        <source>Its own names and requirements of the exchange are in force again.</source>
        <translation>将恢复交换标准的名称和必填要求。</translation>
    </message>
    <message>
        <source>Remove this definition?</source>
        <translation>删除此定义？</translation>
    </message>
    <message>
        <source>version {number}</source>
        <translation>第 {number} 版</translation>
    </message>
    <message>
        <source>A new list. Give it a name and entries, then save it.</source>
        <translation>新代码表：填写名称和条目后保存。</translation>
    </message>
    <message>
        <source>Entries of the exchange stay: other systems know them.</source>
        <translation>交换标准的条目不能删除，其他系统在使用。</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Open an incident, then select a tile with a camera.</source>
        <translation>请先打开一起事件，再选择有相机的画面。</translation>
    </message>
    <message>
        <source>“{name}” belongs to incident {number} now.</source>
        <translation>“{name}”已加入事件 {number}。</translation>
    </message>
    <message>
        <source>Incident {number} is closed: “{name}” was not added.</source>
        <translation>事件 {number} 已结束，“{name}”未加入。</translation>
    </message>
    <message>
        <source>Patrol is due: {name}</source>
        <translation>该巡检了：{name}</translation>
    </message>
    <message numerus="yes">
        <source>You have been watching for %n minute(s): take a short break.</source>
        <translation>
            <numerusform>您已连续值看 %n 分钟：请短暂休息。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>No camera selected</source>
        <translation>未选择相机</translation>
    </message>
    <message>
        <source>Call number</source>
        <translation>调用号</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Pole</source>
        <translation>杆号</translation>
    </message>
    <message>
        <source>Looks to</source>
        <translation>朝向</translation>
    </message>
    <message>
        <source>Select a tile, or a camera in the list.</source>
        <translation>请选择一个画面，或列表中的相机。</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Sharing</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>WGS-84</source>
        <translation>WGS-84</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Point class</source>
        <translation>点位类别</translation>
    </message>
    <message>
        <source>Device address</source>
        <translation>设备地址</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>固件</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>码流</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>重要性</translation>
    </message>
    <message>
        <source>◆ never degrade</source>
        <translation>◆ 从不降级</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>主</translation>
    </message>
    <message>
        <source>Sub</source>
        <translation>子</translation>
    </message>
    <message>
        <source>{role}: size not known yet</source>
        <translation>{role}：尺寸未知</translation>
    </message>
    <message>
        <source>Class I</source>
        <translation>一类点</translation>
    </message>
    <message>
        <source>Class II</source>
        <translation>二类点</translation>
    </message>
    <message>
        <source>Class III</source>
        <translation>三类点</translation>
    </message>
    <message>
        <source>Police internal</source>
        <translation>公安内部点位</translation>
    </message>
    <message>
        <source>libVLC, tried instead: {reason}</source>
        <translation>改用 libVLC 的结果：{reason}</translation>
    </message>
    <message>
        <source>last picture {time}</source>
        <translation>最后画面 {time}</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障记录</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 条</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>No connection to the device. Check the address.</source>
        <translation>无法连接设备，请检查地址。</translation>
    </message>
    <message>
        <source>The device did not answer in time.</source>
        <translation>设备未及时应答。</translation>
    </message>
    <message>
        <source>User name or password refused.</source>
        <translation>用户名或密码被拒绝。</translation>
    </message>
    <message>
        <source>What answers there is not ONVIF. Check the port.</source>
        <translation>该地址的应答不是 ONVIF，请检查端口。</translation>
    </message>
    <message>
        <source>The device&apos;s answer does not follow ONVIF.</source>
        <translation>设备的应答不符合 ONVIF。</translation>
    </message>
    <message>
        <source>The device&apos;s answer is larger than 4 MB.</source>
        <translation>设备的应答超过 4 MB。</translation>
    </message>
    <message>
        <source>The device cannot do this.</source>
        <translation>设备不支持此操作。</translation>
    </message>
    <message>
        <source>The device refused: {reason}</source>
        <translation>设备拒绝：{reason}</translation>
    </message>
    <message>
        <source>The device&apos;s certificate is not trusted.</source>
        <translation>设备证书不受信任。</translation>
    </message>
    <message>
        <source>This is no address of a device.</source>
        <translation>这不是设备地址。</translation>
    </message>
</context>
<context>
    <name>DeviceReviewDialog</name>
    <message>
        <source>Devices and register</source>
        <translation>设备与档案核对</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>In the register</source>
        <translation>档案中</translation>
    </message>
    <message>
        <source>The device says</source>
        <translation>设备上报</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>&amp;Take what the device says</source>
        <translation>采用设备值(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Keep the register</source>
        <translation>保留档案(&amp;K)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>%n field(s) differ. Nothing was changed: choose rows, then decide.</source>
        <translation>
            <numerusform>%n 个字段不一致，尚未修改：请选择行后决定。</numerusform>
        </translation>
    </message>
    <message>
        <source>Devices and register agree. Devices are asked by “Find cameras on the network” and by “Test” of a camera; what differs is listed here.</source>
        <translation>设备与档案一致。“在网络中查找相机”和相机的“测试”会读取设备信息，不一致之处列在这里。</translation>
    </message>
</context>
<context>
    <name>Discovery</name>
    <message>
        <source>new</source>
        <translation>新设备</translation>
    </message>
    <message>
        <source>other address</source>
        <translation>地址已变</translation>
    </message>
    <message>
        <source>other device at this address</source>
        <translation>此地址换了设备</translation>
    </message>
    <message>
        <source>serial number twice</source>
        <translation>序列号重复</translation>
    </message>
    <message>
        <source>known</source>
        <translation>已登记</translation>
    </message>
    <message>
        <source>does not say who it is</source>
        <translation>身份不明</translation>
    </message>
    <message>
        <source>yes: {user}</source>
        <translation>是：{user}</translation>
    </message>
    <message>
        <source>no password at all</source>
        <translation>无密码</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>locked: stopped</source>
        <translation>已锁定，停止</translation>
    </message>
    <message>
        <source>no answer: stopped</source>
        <translation>无应答，停止</translation>
    </message>
    <message>
        <source>no address</source>
        <translation>没有地址</translation>
    </message>
    <message>
        <source>no address that can be asked</source>
        <translation>地址无效</translation>
    </message>
    <message>
        <source>no port (1 to 65535)</source>
        <translation>端口无效（1 至 65535）</translation>
    </message>
    <message>
        <source>is in the list already</source>
        <translation>列表中已有</translation>
    </message>
    <message>
        <source>holds an account: remove it from the address</source>
        <translation>地址含账号，请去掉</translation>
    </message>
    <message>
        <source>the list ends here: 10,000 addresses at a time</source>
        <translation>列表到此为止：一次最多 10,000 个地址</translation>
    </message>
</context>
<context>
    <name>DiscoveryDialog</name>
    <message>
        <source>Find cameras</source>
        <translation>查找相机</translation>
    </message>
    <message>
        <source>Search this &amp;network</source>
        <translation>搜索本网络(&amp;N)</translation>
    </message>
    <message>
        <source>Calls on every interface of this computer. Cameras of other networks (VLANs) do not hear it: give their range.</source>
        <translation>在本机所有网卡上呼叫。其他网络（VLAN）的相机收不到：请填写其地址范围。</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Search the &amp;range</source>
        <translation>搜索范围(&amp;R)</translation>
    </message>
    <message>
        <source>Asks each address, 100 a second.</source>
        <translation>逐个询问地址，每秒 100 个。</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>user name of the cameras</source>
        <translation>相机的用户名</translation>
    </message>
    <message>
        <source>password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>&amp;Ask again</source>
        <translation>重新询问(&amp;A)</translation>
    </message>
    <message>
        <source>Asks those that refused or were silent, with this account.</source>
        <translation>用此账号再次询问拒绝或未应答的设备。</translation>
    </message>
    <message>
        <source>From a &amp;file…</source>
        <translation>从文件(&amp;F)…</translation>
    </message>
    <message>
        <source>CSV, text or Excel, a row for each device: address[:port], name, user  (Ctrl+O)</source>
        <translation>CSV、文本或 Excel，每行一台设备：地址[:端口]、名称、用户  (Ctrl+O)</translation>
    </message>
    <message>
        <source>Try makers&apos; &amp;default passwords</source>
        <translation>尝试出厂默认密码(&amp;D)</translation>
    </message>
    <message>
        <source>Tries one or two accounts that makers print in their manuals on each new device that refuses. Never on a camera of the register.</source>
        <translation>对拒绝访问的新设备尝试一两个厂家手册中的账号，绝不用于档案中的相机。</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Filter by name, maker, address or serial number</source>
        <translation>按名称、厂商、地址或序列号筛选</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>all shown</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Tick every device that is shown and can be added.</source>
        <translation>勾选所有显示的、可添加的设备。</translation>
    </message>
    <message>
        <source>What it is to us</source>
        <translation>登记情况</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Maker and model</source>
        <translation>厂商和型号</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Default password</source>
        <translation>默认密码</translation>
    </message>
    <message>
        <source>To site</source>
        <translation>添加到</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>My organisation</source>
        <translation>本单位</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>正在呼叫…</translation>
    </message>
    <message>
        <source>Not understood: {reason}</source>
        <translation>无法识别：{reason}</translation>
    </message>
    <message numerus="yes">
        <source>Searching %n address(es)…</source>
        <translation>
            <numerusform>正在搜索 %n 个地址…</numerusform>
        </translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Addresses from a file</source>
        <translation>从文件读取地址</translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation>正在读取 {name}…</translation>
    </message>
    <message>
        <source>Nothing was asked.</source>
        <translation>未询问任何设备。</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) cannot be used.</source>
        <translation>
            <numerusform>%n 行无法使用。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Ask the other %n</source>
        <translation>
            <numerusform>询问其余 %n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>Asking %n address(es) of the list…</source>
        <translation>
            <numerusform>正在询问列表中的 %n 个地址…</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n 台设备</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them new</source>
        <translation>
            <numerusform>其中新设备 %n 台</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody answered. Cameras of other networks need their range.</source>
        <translation>没有设备应答。其他网络的相机需填写地址范围。</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>询问中…</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no password set</source>
        <translation>未设密码</translation>
    </message>
    <message>
        <source>set a password of your own before it goes into use</source>
        <translation>投入使用前请改密码</translation>
    </message>
    <message>
        <source>it locks: wait some minutes, then ask with the right account</source>
        <translation>设备会锁定：请等几分钟后用正确账号再询问</translation>
    </message>
    <message>
        <source>was at {host}</source>
        <translation>原地址 {host}</translation>
    </message>
    <message>
        <source>the same serial number at {host}</source>
        <translation>{host} 有相同序列号</translation>
    </message>
    <message>
        <source>on the cable of {ours}, but with an address of another network: give this computer {spare} as well, or the camera an address of {network}</source>
        <translation>与 {ours} 在同一线路，但地址属于其他网段：请为本机另加地址 {spare}，或将相机改为 {network} 的地址</translation>
    </message>
    <message>
        <source>in another network than this computer</source>
        <translation>与本机不在同一网络</translation>
    </message>
    <message>
        <source>answered the call on {address}</source>
        <translation>在 {address} 应答呼叫</translation>
    </message>
    <message>
        <source>answered a probe</source>
        <translation>应答了探测</translation>
    </message>
    <message>
        <source>from the list</source>
        <translation>来自列表</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Add %n camera(s)</source>
        <translation>
            <numerusform>添加 %n 台相机(&amp;A)</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Add {new}, correct {moved} address(es)</source>
        <translation>添加 {new} 台，更正 {moved} 个地址(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>Choose a site, or type a new one&apos;s name.</source>
        <translation>请选择场所，或输入新场所的名称。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) added</source>
        <translation>
            <numerusform>已添加 %n 台相机</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n address(es) corrected</source>
        <translation>
            <numerusform>已更正 %n 个地址</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Event</name>
    <message>
        <source>recorder {address}</source>
        <translation>录像机 {address}</translation>
    </message>
    <message>
        <source>motion</source>
        <translation>移动侦测</translation>
    </message>
    <message>
        <source>line or field</source>
        <translation>越线或入侵</translation>
    </message>
    <message>
        <source>tampering</source>
        <translation>遮挡或破坏</translation>
    </message>
    <message>
        <source>digital input</source>
        <translation>报警输入</translation>
    </message>
    <message>
        <source>video lost</source>
        <translation>视频丢失</translation>
    </message>
    <message>
        <source>storage fault</source>
        <translation>存储故障</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>温度异常</translation>
    </message>
    <message>
        <source>hardware fault</source>
        <translation>硬件故障</translation>
    </message>
    <message>
        <source>nothing heard</source>
        <translation>事件中断</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>was so already</source>
        <translation>此前已有</translation>
    </message>
    <message>
        <source>began</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>结束</translation>
    </message>
</context>
<context>
    <name>EventsPanel</name>
    <message>
        <source>Listen</source>
        <translation>接收事件</translation>
    </message>
    <message>
        <source>Subscribes to the events of the cameras on the walls; one connection each.</source>
        <translation>订阅电视墙上各相机的事件，每台占用一个连接。</translation>
    </message>
    <message>
        <source>Filter by camera, kind or source</source>
        <translation>按相机、类型或来源筛选</translation>
    </message>
    <message>
        <source>without ends</source>
        <translation>不看结束</translation>
    </message>
    <message>
        <source>Hides that something ended.</source>
        <translation>不显示“结束”事件。</translation>
    </message>
    <message>
        <source>The selected event&apos;s message as the camera sent it</source>
        <translation>所选事件的原始报文</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Asks the cameras that failed at once.</source>
        <translation>立即重新连接失败的相机。</translation>
    </message>
    <message>
        <source>Put off…</source>
        <translation>暂缓…</translation>
    </message>
    <message>
        <source>Put o&amp;ff this kind of alarm…</source>
        <translation>暂缓此类告警(&amp;F)…</translation>
    </message>
    <message>
        <source>Hides this kind of event of this camera for a while, with a reason. The handover tells of it.</source>
        <translation>在一段时间内隐藏此相机的这类事件，须写明原因；交接班时会列出。</translation>
    </message>
    <message>
        <source>Alarms that are p&amp;ut off…</source>
        <translation>已暂缓的告警(&amp;U)…</translation>
    </message>
    <message>
        <source>What is put off, until when and why; take it back there.</source>
        <translation>查看已暂缓的内容、期限和原因，并可撤回。</translation>
    </message>
    <message>
        <source>all kinds</source>
        <translation>所有类型</translation>
    </message>
    <message>
        <source>faults only</source>
        <translation>仅故障</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) listened to</source>
        <translation>
            <numerusform>正在接收 %n 台相机的事件</numerusform>
        </translation>
    </message>
    <message>
        <source>not listening</source>
        <translation>未接收事件</translation>
    </message>
    <message numerus="yes">
        <source>%n not reached or refused</source>
        <translation>
            <numerusform>%n 台未连上或被拒绝</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dropped: too many at once</source>
        <translation>
            <numerusform>丢弃 %n 条：同时过多</numerusform>
        </translation>
    </message>
    <message>
        <source>Put off: {count}…</source>
        <translation>已暂缓：{count}…</translation>
    </message>
    <message>
        <source>Select the alarm that you want to put off, then press {keys}.</source>
        <translation>请选择要暂缓的告警，然后按 {keys}。</translation>
    </message>
</context>
<context>
    <name>EvidenceDesk</name>
    <message>
        <source>No snapshot</source>
        <translation>未能抓图</translation>
    </message>
    <message>
        <source>No clip</source>
        <translation>未能导出片段</translation>
    </message>
    <message>
        <source>“{name}” is to be exported without its masks.</source>
        <translation>“{name}”将不带隐私遮挡导出。</translation>
    </message>
    <message>
        <source>The evidence folder cannot be written: {reason}</source>
        <translation>证据文件夹无法写入：{reason}</translation>
    </message>
    <message>
        <source>Evidence {name} is written.</source>
        <translation>证据 {name} 已写入。</translation>
    </message>
    <message numerus="yes">
        <source>It has %n gap(s): see the manifest.</source>
        <translation>
            <numerusform>其中有 %n 处缺失，见清单。</numerusform>
        </translation>
    </message>
    <message>
        <source>No evidence package</source>
        <translation>未能生成证据包</translation>
    </message>
    <message>
        <source>{what} of “{name}”: {why}</source>
        <translation>“{name}”：{what}。{why}</translation>
    </message>
    <message>
        <source>it was broken off</source>
        <translation>已中止</translation>
    </message>
</context>
<context>
    <name>Exchange</name>
    <message>
        <source>The file is larger than {detail}. Split it.</source>
        <translation>文件大于 {detail}，请拆分。</translation>
    </message>
    <message>
        <source>This workbook is far larger than it looks. It was not opened.</source>
        <translation>此工作簿解压后异常庞大，未打开。</translation>
    </message>
    <message>
        <source>This workbook refers to other files. It was not opened.</source>
        <translation>此工作簿引用了其他文件，未打开。</translation>
    </message>
    <message>
        <source>The file is damaged: {detail}.</source>
        <translation>文件已损坏：{detail}。</translation>
    </message>
    <message>
        <source>This is neither UTF-8 nor GB 18030 text.</source>
        <translation>既不是 UTF-8 也不是 GB 18030 文本。</translation>
    </message>
    <message>
        <source>This is no table that can be read. Save it as .xlsx or CSV first.</source>
        <translation>无法读取此表格。请先另存为 .xlsx 或 CSV。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件为空。</translation>
    </message>
    <message>
        <source>No line with the names of the columns was found.</source>
        <translation>未找到列标题行。</translation>
    </message>
    <message>
        <source>More than {detail} rows. Split the file.</source>
        <translation>超过 {detail} 行，请拆分文件。</translation>
    </message>
    <message>
        <source>The file cannot be read: {detail}.</source>
        <translation>无法读取文件：{detail}。</translation>
    </message>
    <message>
        <source>The file cannot be written: {detail}.</source>
        <translation>无法写入文件：{detail}。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>已停止，未作任何更改。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export clip</source>
        <translation>导出片段</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>案由</translation>
    </message>
    <message>
        <source>Without masks: a supervisor must confirm</source>
        <translation>不带遮挡：须由主管确认</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>The picture is copied as the camera sent it, from the key frame before the beginning on. With masks a covered copy is made instead.</source>
        <translation>图像按相机发送的原样复制，从起点之前的关键帧开始。带遮挡时改为生成遮盖后的副本。</translation>
    </message>
    <message>
        <source>The picture is copied as the camera sent it, from the key frame before the beginning on. Gaps are listed.</source>
        <translation>图像按相机发送的原样复制，从起点之前的关键帧开始。缺失之处会列出。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export the asset register</source>
        <translation>导出设备档案</translation>
    </message>
    <message>
        <source>name, code, address …</source>
        <translation>名称、编码、地址…</translation>
    </message>
    <message>
        <source>Only files that lack required fields</source>
        <translation>仅导出缺少必填字段的档案</translation>
    </message>
    <message>
        <source>(all)</source>
        <translation>（全部）</translation>
    </message>
    <message>
        <source>Exchange: 27 fields</source>
        <translation>交换模板：27 个字段</translation>
    </message>
    <message>
        <source>Exchange and life cycle</source>
        <translation>交换模板和生命周期</translation>
    </message>
    <message>
        <source>All fields</source>
        <translation>全部字段</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Abbreviations (SBBM …)</source>
        <translation>拼音缩写（SBBM …）</translation>
    </message>
    <message>
        <source>Codes, for other systems</source>
        <translation>代码（供其他系统）</translation>
    </message>
    <message>
        <source>Words, for people</source>
        <translation>文字（供阅读）</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>片区</translation>
    </message>
    <message>
        <source>Point class</source>
        <translation>点位类型</translation>
    </message>
    <message>
        <source>Device state</source>
        <translation>设备状态</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>包含</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>列标题</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Choose the file and write it</source>
        <translation>选择文件并写入</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) written to {name}</source>
        <translation>
            <numerusform>已将 %n 台相机写入 {name}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportProgress</name>
    <message>
        <source>Writing the evidence package</source>
        <translation>正在写入证据包</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Fault</name>
    <message>
        <source>No signal</source>
        <translation>无信号</translation>
    </message>
    <message>
        <source>Black picture</source>
        <translation>黑屏</translation>
    </message>
    <message>
        <source>Frozen picture</source>
        <translation>画面冻结</translation>
    </message>
    <message>
        <source>Blurred picture</source>
        <translation>画面模糊</translation>
    </message>
    <message>
        <source>Dirty lens</source>
        <translation>镜头脏污</translation>
    </message>
    <message>
        <source>View blocked</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>Looks the wrong way</source>
        <translation>方向偏移</translation>
    </message>
    <message>
        <source>Wrong colours</source>
        <translation>偏色</translation>
    </message>
    <message>
        <source>Noise or stripes</source>
        <translation>噪点或条纹</translation>
    </message>
    <message>
        <source>Shaking picture</source>
        <translation>画面抖动</translation>
    </message>
    <message>
        <source>Too dark or too bright</source>
        <translation>过暗或过亮</translation>
    </message>
    <message>
        <source>Stutter or mosaic</source>
        <translation>卡顿或马赛克</translation>
    </message>
    <message>
        <source>Wrong time in the picture</source>
        <translation>时间不准</translation>
    </message>
    <message>
        <source>Text in the picture missing</source>
        <translation>缺少字符标注</translation>
    </message>
    <message>
        <source>Wrong text in the picture</source>
        <translation>字符标注错误</translation>
    </message>
    <message>
        <source>PTZ does not answer</source>
        <translation>云台无响应</translation>
    </message>
    <message>
        <source>Wrong preset position</source>
        <translation>预置位不准</translation>
    </message>
    <message>
        <source>PTZ jams or is noisy</source>
        <translation>云台卡滞或异响</translation>
    </message>
    <message>
        <source>Zoom or focus</source>
        <translation>变倍或聚焦</translation>
    </message>
    <message>
        <source>Wiper or heater</source>
        <translation>雨刷或加热</translation>
    </message>
    <message>
        <source>Power cut</source>
        <translation>停电</translation>
    </message>
    <message>
        <source>Breaker</source>
        <translation>断路器跳闸</translation>
    </message>
    <message>
        <source>Power adapter</source>
        <translation>电源适配器</translation>
    </message>
    <message>
        <source>Power line</source>
        <translation>供电线路</translation>
    </message>
    <message>
        <source>Lightning</source>
        <translation>雷击</translation>
    </message>
    <message>
        <source>UPS or battery</source>
        <translation>UPS或电池</translation>
    </message>
    <message>
        <source>Fibre</source>
        <translation>光纤</translation>
    </message>
    <message>
        <source>Transceiver or ONU</source>
        <translation>光端机或ONU</translation>
    </message>
    <message>
        <source>Network down: switch or port</source>
        <translation>断网：交换机或端口</translation>
    </message>
    <message>
        <source>Address conflict</source>
        <translation>地址冲突</translation>
    </message>
    <message>
        <source>Too little bandwidth</source>
        <translation>带宽不足</translation>
    </message>
    <message>
        <source>Wireless link</source>
        <translation>无线链路</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>不录像</translation>
    </message>
    <message>
        <source>Gaps in the recording</source>
        <translation>录像有缺口</translation>
    </message>
    <message>
        <source>Kept too short</source>
        <translation>存储时间不足</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>硬盘</translation>
    </message>
    <message>
        <source>Playback fails</source>
        <translation>回放失败</translation>
    </message>
    <message>
        <source>Pole</source>
        <translation>立杆</translation>
    </message>
    <message>
        <source>Bracket</source>
        <translation>支架</translation>
    </message>
    <message>
        <source>Cabinet open or damaged</source>
        <translation>箱体打开或损坏</translation>
    </message>
    <message>
        <source>Theft</source>
        <translation>被盗</translation>
    </message>
    <message>
        <source>Construction work</source>
        <translation>施工</translation>
    </message>
    <message>
        <source>Plants</source>
        <translation>植物遮挡</translation>
    </message>
    <message>
        <source>Water</source>
        <translation>进水</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>Gateway or cascade</source>
        <translation>网关或级联</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Wall or display</source>
        <translation>大屏或显示</translation>
    </message>
    <message>
        <source>Permission or data</source>
        <translation>权限或数据</translation>
    </message>
    <message>
        <source>Default or weak password</source>
        <translation>默认或弱口令</translation>
    </message>
    <message>
        <source>Unknown sign-in</source>
        <translation>未知登录</translation>
    </message>
    <message>
        <source>Firmware vulnerability</source>
        <translation>固件漏洞</translation>
    </message>
    <message>
        <source>Certificate expired</source>
        <translation>证书过期</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Text and time</source>
        <translation>字符与时间</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>云台</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>供电</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>Site and mechanics</source>
        <translation>现场与机械</translation>
    </message>
    <message>
        <source>Platform and console</source>
        <translation>平台与客户端</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新报</translation>
    </message>
    <message>
        <source>sorted</source>
        <translation>已分拣</translation>
    </message>
    <message>
        <source>dispatched</source>
        <translation>已派单</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接单</translation>
    </message>
    <message>
        <source>on site</source>
        <translation>到场</translation>
    </message>
    <message>
        <source>suspended</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>已修复</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已核验</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>joined to another</source>
        <translation>已并入</translation>
    </message>
    <message>
        <source>Report again</source>
        <translation>再次上报</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Note of the picture</source>
        <translation>画面提示</translation>
    </message>
    <message>
        <source>Camera verified</source>
        <translation>相机已核验</translation>
    </message>
    <message>
        <source>Separate cameras</source>
        <translation>分出相机</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>分拣</translation>
    </message>
    <message>
        <source>Change priority</source>
        <translation>调整级别</translation>
    </message>
    <message>
        <source>Dispatch</source>
        <translation>派单</translation>
    </message>
    <message>
        <source>Send back</source>
        <translation>退单</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接单</translation>
    </message>
    <message>
        <source>On site now</source>
        <translation>已到场</translation>
    </message>
    <message>
        <source>Ask for a pause</source>
        <translation>申请挂起</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>Refuse the pause</source>
        <translation>不同意挂起</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复计时</translation>
    </message>
    <message>
        <source>Repaired</source>
        <translation>已修复</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭工单</translation>
    </message>
    <message>
        <source>Cancel ticket</source>
        <translation>撤销工单</translation>
    </message>
    <message>
        <source>Join to another</source>
        <translation>并入其他工单</translation>
    </message>
    <message>
        <source>Separate again</source>
        <translation>重新分开</translation>
    </message>
    <message>
        <source>Escalate</source>
        <translation>升级上报</translation>
    </message>
    <message>
        <source>I know of it</source>
        <translation>已知悉</translation>
    </message>
    <message>
        <source>no power from the grid</source>
        <translation>市电停电</translation>
    </message>
    <message>
        <source>site access refused</source>
        <translation>无法进入现场</translation>
    </message>
    <message>
        <source>road closed</source>
        <translation>道路封闭</translation>
    </message>
    <message>
        <source>waiting for approval</source>
        <translation>等待审批</translation>
    </message>
    <message>
        <source>force majeure</source>
        <translation>不可抗力</translation>
    </message>
    <message>
        <source>This is for others to do: your role may not.</source>
        <translation>此操作由他人负责：您的角色无权执行。</translation>
    </message>
    <message>
        <source>Not while it is: {state}.</source>
        <translation>当前状态（{state}）下不可执行。</translation>
    </message>
    <message>
        <source>You worked on it: somebody else has to verify it.</source>
        <translation>您参与了维修：须由他人核验。</translation>
    </message>
    <message>
        <source>Something is missing.</source>
        <translation>内容不完整。</translation>
    </message>
    <message>
        <source>The wall must have seen the picture live for {seconds} s first.</source>
        <translation>须先由大屏连续看到实时画面 {seconds} 秒。</translation>
    </message>
    <message>
        <source>Compare it with the reference picture first.</source>
        <translation>请先与基准图比对。</translation>
    </message>
    <message>
        <source>{count} of its cameras were not compared yet: verify or separate them.</source>
        <translation>还有 {count} 台相机未比对：请核验或分出。</translation>
    </message>
    <message>
        <source>They have neither camera, site nor kind of fault in common.</source>
        <translation>它们的相机、站点和故障类别都不相同。</translation>
    </message>
    <message>
        <source>The picture went again after it had been verified.</source>
        <translation>核验之后画面又丢失了。</translation>
    </message>
    <message>
        <source>Closed too long ago: report a new fault.</source>
        <translation>关闭已久：请重新上报故障。</translation>
    </message>
    <message>
        <source>This ticket is not on this console any more.</source>
        <translation>本机已没有此工单。</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 小时 {minutes} 分</translation>
    </message>
    <message>
        <source>{days} d {hours} h</source>
        <translation>{days} 天 {hours} 小时</translation>
    </message>
    <message>
        <source>❚❚ suspended</source>
        <translation>❚❚ 已挂起</translation>
    </message>
    <message>
        <source>▲ OVERDUE by {span}</source>
        <translation>▲ 超时 {span}</translation>
    </message>
    <message>
        <source>{span} left</source>
        <translation>剩余 {span}</translation>
    </message>
    <message>
        <source>◉ picture is back</source>
        <translation>◉ 画面已恢复</translation>
    </message>
    <message>
        <source>◉ {back} of {all} back</source>
        <translation>◉ 已恢复 {back}/{all}</translation>
    </message>
</context>
<context>
    <name>FaultsDialog</name>
    <message>
        <source>Report faults</source>
        <translation>报告故障</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) failed. One click reports them as one fault of this camera, with their pictures.</source>
        <translation>
            <numerusform>%n 项不合格。点一下即作为这台相机的一张故障单上报，并附图片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Acceptance {number}:</source>
        <translation>验收 {number}：</translation>
    </message>
    <message>
        <source>only where the fault was reported before</source>
        <translation>仅在故障此前已上报时填写</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>故障类别</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>上报</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>FigureWindow</name>
    <message>
        <source>Figures</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Last {n} days</source>
        <translation>最近 {n} 天</translation>
    </message>
    <message>
        <source>By: {what}</source>
        <translation>按{what}</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>存为 PDF…</translation>
    </message>
    <message>
        <source>Save as spreadsheet…</source>
        <translation>存为表格…</translation>
    </message>
    <message>
        <source>Faults a day</source>
        <translation>每日故障数</translation>
    </message>
    <message>
        <source>Renewal</source>
        <translation>更新改造</translation>
    </message>
    <message>
        <source>Double click: the list behind a number, and from there the record.</source>
        <translation>双击：查看数字背后的清单，再双击打开记录。</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Counted</source>
        <translation>计数</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本数</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>观测率</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>不计入</translation>
    </message>
    <message>
        <source>There are no cameras yet.</source>
        <translation>还没有摄像机。</translation>
    </message>
    <message>
        <source>{seen} of {all} cameras in use were seen; counted {time}</source>
        <translation>在用相机 {all} 台，已观测 {seen} 台；统计于 {time}</translation>
    </message>
    <message>
        <source>(not known)</source>
        <translation>（不详）</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>Intact</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>In time</source>
        <translation>按时</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Oldest</source>
        <translation>最久</translation>
    </message>
    <message>
        <source>reported</source>
        <translation>已报</translation>
    </message>
    <message>
        <source>of these, repaired</source>
        <translation>其中已修复</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>名次</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>分值</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像机</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>型号</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>年限</translation>
    </message>
    <message>
        <source>Warranty until</source>
        <translation>质保至</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Save figures</source>
        <translation>保存统计</translation>
    </message>
    <message>
        <source>Renewal list</source>
        <translation>更新改造清单</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>型号</translation>
    </message>
    <message>
        <source>Point class</source>
        <translation>点位类别</translation>
    </message>
    <message>
        <source>Maintainer</source>
        <translation>运维单位</translation>
    </message>
    <message>
        <source>Intact: a live picture here now and no open fault of picture, PTZ, power or network; opening times and PTZ are not tested.</source>
        <translation>完好：本台此刻有实时画面，且无画面、云台、电源或网络类未结故障；未测试打开时间和云台。</translation>
    </message>
    <message>
        <source>Counted by this console from what it saw and was told. Not a compliance statement.</source>
        <translation>由本席位按自身所见及其他席位上报统计，不作为合规声明。</translation>
    </message>
    <message>
        <source>Online rate (as consoles saw it)</source>
        <translation>在线率（各席位所见）</translation>
    </message>
    <message>
        <source>Intact rate now</source>
        <translation>当前完好率</translation>
    </message>
    <message>
        <source>Mean time to accept</source>
        <translation>平均接单时间</translation>
    </message>
    <message>
        <source>Mean time to repair</source>
        <translation>平均修复时间</translation>
    </message>
    <message>
        <source>Mean time to repair, without pauses</source>
        <translation>平均修复时间（不计暂停）</translation>
    </message>
    <message>
        <source>Time limits met</source>
        <translation>按时修复率</translation>
    </message>
    <message>
        <source>Repeat faults</source>
        <translation>重复故障率</translation>
    </message>
    <message>
        <source>Oldest open fault</source>
        <translation>最久未结故障</translation>
    </message>
    <message>
        <source>Open now: {priority}</source>
        <translation>当前未结：{priority}</translation>
    </message>
    <message>
        <source>maintenance</source>
        <translation>检修</translation>
    </message>
    <message>
        <source>power cut</source>
        <translation>停电</translation>
    </message>
    <message>
        <source>not in use</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>collecting</source>
        <translation>采集中</translation>
    </message>
    <message>
        <source>in part: {time}</source>
        <translation>部分：{time}</translation>
    </message>
    <message>
        <source>left out: {why}</source>
        <translation>不计入：{why}</translation>
    </message>
    <message>
        <source>not observed</source>
        <translation>未观测</translation>
    </message>
    <message>
        <source>median {time}</source>
        <translation>中位数 {time}</translation>
    </message>
    <message>
        <source>planned replacement {n} days ago</source>
        <translation>计划更换已过 {n} 天</translation>
    </message>
    <message>
        <source>planned replacement in {n} days</source>
        <translation>{n} 天后计划更换</translation>
    </message>
    <message>
        <source>{n} years old</source>
        <translation>已用 {n} 年</translation>
    </message>
    <message>
        <source>faults in a year: {n}</source>
        <translation>一年内故障 {n} 次</translation>
    </message>
    <message>
        <source>warranty over for {n} days</source>
        <translation>质保已过 {n} 天</translation>
    </message>
    <message>
        <source>age not known</source>
        <translation>使用年限不详</translation>
    </message>
</context>
<context>
    <name>FindPlace</name>
    <message>
        <source>Find by place</source>
        <translation>按地点查找</translation>
    </message>
    <message>
        <source>Street, landmark, pole number, organisation or camera</source>
        <translation>街道、地标、杆号、单位或相机</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Places found</source>
        <translation>找到的地点</translation>
    </message>
    <message>
        <source>Nearest cameras</source>
        <translation>最近的相机</translation>
    </message>
    <message>
        <source>↑ ↓ camera   ·   PgUp PgDn place   ·   Enter opens   ·   Shift+Enter opens the first {count}   ·   Esc closes</source>
        <translation>↑ ↓ 选相机   ·   PgUp PgDn 选地点   ·   Enter 打开   ·   Shift+Enter 打开前 {count} 个   ·   Esc 关闭</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Nothing is called “{text}”&lt;/h3&gt;&lt;p&gt;Try fewer letters, the initials (zsj for 中山街), or the street next to it.&lt;br&gt;Streets and landmarks come from “watchroom import-landmarks”.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;没有名为“{text}”的地点&lt;/h3&gt;&lt;p&gt;请少输几个字，或输入拼音首字母（如 zsj 查找中山街），或旁边的街道。&lt;br&gt;街道和地标用“watchroom import-landmarks”导入。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Where is it?&lt;/h3&gt;&lt;p&gt;Type a street, a junction, a landmark, a pole number, an organisation&lt;br&gt;or a camera: its name, initials, pinyin or English name.&lt;/p&gt;&lt;p&gt;The nearest cameras appear with their last picture.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;在哪里？&lt;/h3&gt;&lt;p&gt;输入街道、路口、地标、杆号、单位或相机：&lt;br&gt;名称、拼音首字母、全拼或英文名均可。&lt;/p&gt;&lt;p&gt;将列出最近的相机及其最新画面。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Nearest to {name}</source>
        <translation>离“{name}”最近</translation>
    </message>
    <message>
        <source>No camera&apos;s coordinates are known. Edit the cameras or their sites.</source>
        <translation>没有相机登记了坐标。请编辑相机或其地点。</translation>
    </message>
    <message>
        <source>Cameras of {name}</source>
        <translation>“{name}”的相机</translation>
    </message>
    <message>
        <source>Its coordinates are not known, and it has no cameras.</source>
        <translation>坐标未登记，也没有所属相机。</translation>
    </message>
    <message>
        <source>An organisation is at no one place: its own cameras, by name.</source>
        <translation>单位没有唯一的位置：按名称列出其相机。</translation>
    </message>
    <message>
        <source>Its coordinates are not known: its own cameras, by name.</source>
        <translation>坐标未登记：按名称列出其所属相机。</translation>
    </message>
</context>
<context>
    <name>FirstAdministratorDialog</name>
    <message>
        <source>First administrator of a new server</source>
        <translation>新服务器的首位管理员</translation>
    </message>
    <message>
        <source>as “watchroom server” printed it at its start</source>
        <translation>“watchroom server” 启动时显示的代码</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>您的姓名</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Password, again</source>
        <translation>再次输入密码</translation>
    </message>
    <message>
        <source>The organisation is made if it is new. The account may make accounts and organisations; give yourself further roles under “Administration”.</source>
        <translation>单位不存在时会新建。此账户可新建账户和单位；其他角色请在“管理”中自行添加。</translation>
    </message>
    <message>
        <source>Make administrator</source>
        <translation>新建管理员</translation>
    </message>
    <message>
        <source>Something is missing.</source>
        <translation>有未填写的内容。</translation>
    </message>
    <message>
        <source>The two passwords are not the same.</source>
        <translation>两次输入的密码不一致。</translation>
    </message>
</context>
<context>
    <name>Forecaster</name>
    <message>
        <source>This view needs {percent} % of this computer.</source>
        <translation>此画面组合需要本机 {percent} % 的性能。</translation>
    </message>
    <message>
        <source>While it is short of power, tiles that are not selected skip pictures.</source>
        <translation>性能不足时，未选中的窗口将跳过部分画面。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) will probably drop to the small stream:</source>
        <translation>
            <numerusform>预计 %n 路相机将改用子码流：</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform> 等，另有 %n 路</numerusform>
        </translation>
    </message>
    <message>
        <source>Cost of this view</source>
        <translation>此画面组合的开销</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列表</translation>
    </message>
</context>
<context>
    <name>GivenPage</name>
    <message>
        <source>Nothing was shared on request yet. What others ask for is under “To decide”.</source>
        <translation>还没有按申请共享的内容。其他单位的申请见“待审批”。</translation>
    </message>
    <message>
        <source>With</source>
        <translation>共享给</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Allowed to</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
    <message>
        <source>Withdraw…</source>
        <translation>撤回…</translation>
    </message>
    <message>
        <source>It ends at once on every console</source>
        <translation>在所有席位上立即终止</translation>
    </message>
    <message>
        <source>Who used it…</source>
        <translation>使用记录…</translation>
    </message>
    <message>
        <source>also what is over</source>
        <translation>也显示已结束的</translation>
    </message>
    <message>
        <source>It is over.</source>
        <translation>已结束。</translation>
    </message>
    <message>
        <source>“{name}” ends at once on every console of {organisation}; pictures that run there stop. They read the reason.</source>
        <translation>“{name}”在{organisation}的所有席位上立即终止，正在播放的画面随即停止。对方可看到理由。</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Withdraw now</source>
        <translation>立即撤回</translation>
    </message>
</context>
<context>
    <name>GrantDialog</name>
    <message>
        <source>New grant</source>
        <translation>新建授权</translation>
    </message>
    <message>
        <source>Share with</source>
        <translation>共享给</translation>
    </message>
    <message>
        <source>allow</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>deny (it always wins)</source>
        <translation>禁止（始终优先）</translation>
    </message>
    <message>
        <source>organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Law, order or agreement, with its number</source>
        <translation>法律、命令或协议及其编号</translation>
    </message>
    <message>
        <source>no end (only for the own organisation)</source>
        <translation>无期限（仅限本单位）</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>With</source>
        <translation>共享给</translation>
    </message>
    <message>
        <source>About</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>For</source>
        <translation>授予</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>效果</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>授权</translation>
    </message>
    <message>
        <source>group {name}</source>
        <translation>分组“{name}”</translation>
    </message>
    <message>
        <source>all cameras of {name}</source>
        <translation>{name}的全部相机</translation>
    </message>
    <message>
        <source>There is no other organisation on this server yet.</source>
        <translation>此服务器上还没有其他单位。</translation>
    </message>
    <message>
        <source>The legal basis is needed, three characters or more.</source>
        <translation>请填写法律依据，至少三个字。</translation>
    </message>
    <message>
        <source>Choose what it is about and for whom it is.</source>
        <translation>请选择授权的对象和授予谁。</translation>
    </message>
    <message>
        <source>Choose what shall be allowed or denied.</source>
        <translation>请选择要允许或禁止的内容。</translation>
    </message>
</context>
<context>
    <name>GrantsPage</name>
    <message>
        <source>There is no grant: everybody may do with the own organisation&apos;s cameras what the roles allow, and nobody else anything.</source>
        <translation>没有授权：每个人对本单位相机的权限由角色决定，其他人没有任何权限。</translation>
    </message>
    <message>
        <source>About</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>For</source>
        <translation>授予</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>效果</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>法律依据</translation>
    </message>
    <message>
        <source>New grant…</source>
        <translation>新建授权…</translation>
    </message>
    <message>
        <source>Withdraw…</source>
        <translation>撤回…</translation>
    </message>
    <message>
        <source>It ends at once on every console</source>
        <translation>在所有席位上立即终止</translation>
    </message>
    <message>
        <source>also what is over</source>
        <translation>也显示已结束的</translation>
    </message>
    <message>
        <source>Choose a grant first.</source>
        <translation>请先选择一项授权。</translation>
    </message>
    <message>
        <source>It is over.</source>
        <translation>已结束。</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>禁止</translation>
    </message>
    <message>
        <source>no end</source>
        <translation>无期限</translation>
    </message>
    <message>
        <source>role {name}</source>
        <translation>角色“{name}”</translation>
    </message>
    <message>
        <source>withdrawn: {reason}</source>
        <translation>已撤回：{reason}</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>begins {time}</source>
        <translation>{time} 开始</translation>
    </message>
    <message>
        <source>active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>“{name}” for {whom} ends at once on every console.</source>
        <translation>{whom}对“{name}”的授权在所有席位上立即终止。</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Withdraw now</source>
        <translation>立即撤回</translation>
    </message>
</context>
<context>
    <name>GroupsPage</name>
    <message>
        <source>There is no camera group yet.

A group is what others can ask for and what grants are about. Press “New group…”.</source>
        <translation>还没有相机分组。

其他单位按分组申请，授权也以分组为对象。请点“新建分组…”。</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>新建分组…</translation>
    </message>
    <message>
        <source>Cameras…</source>
        <translation>相机…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Choose a group first.</source>
        <translation>请先选择一个分组。</translation>
    </message>
    <message>
        <source>Grants about “{name}” give nothing any more, at once. The cameras stay.</source>
        <translation>以“{name}”为对象的授权立即失效。相机保留。</translation>
    </message>
    <message>
        <source>Delete group</source>
        <translation>删除分组</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Task cards and lists</source>
        <translation>处置卡与清单</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Title in Chinese</source>
        <translation>中文标题</translation>
    </message>
    <message>
        <source>Title in English</source>
        <translation>英文标题</translation>
    </message>
    <message>
        <source>Every site is looked at once in so many days:</source>
        <translation>每个站点的巡检周期（天）：</translation>
    </message>
    <message>
        <source>Add step</source>
        <translation>添加步骤</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Version:</source>
        <translation>版本：</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>放弃修改</translation>
    </message>
    <message>
        <source>Short steps in the order in which they are done. What is saved counts for everybody in the organisation, from the next incident or shift on; what was ticked before keeps its version.</source>
        <translation>按执行顺序写简短步骤。保存后自下一起事件或班次起对全单位生效；之前已勾选的内容保留其版本。</translation>
    </message>
    <message>
        <source>So it looks</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Equipment of a shift</source>
        <translation>班次设备检查</translation>
    </message>
    <message>
        <source>On-site inspection</source>
        <translation>现场巡检</translation>
    </message>
    <message>
        <source>Card: {what}</source>
        <translation>处置卡：{what}</translation>
    </message>
    <message>
        <source>“{name}” was changed and not saved.</source>
        <translation>“{name}”已修改但未保存。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留下</translation>
    </message>
    <message>
        <source>{number}, {author}, {time}</source>
        <translation>{number}，{author}，{time}</translation>
    </message>
    <message>
        <source>{number}, delivered</source>
        <translation>{number}，出厂版本</translation>
    </message>
    <message>
        <source>No more than {count} steps: who reads more?</source>
        <translation>最多 {count} 步：再多就没人看了。</translation>
    </message>
    <message>
        <source>Save as version {number}</source>
        <translation>保存为第 {number} 版</translation>
    </message>
    <message>
        <source>Supervisors and administrators write these lists.</source>
        <translation>由主管和管理员编写。</translation>
    </message>
    <message>
        <source>No steps yet: “Add step”. Without steps there is no card.</source>
        <translation>还没有步骤：请点“添加步骤”。没有步骤就没有处置卡。</translation>
    </message>
    <message>
        <source>An empty list checks nothing: add a step first.</source>
        <translation>空清单不起作用：请先添加一项。</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>On no tile: its state is not known.</source>
        <translation>不在任何画面上，状态未知。</translation>
    </message>
    <message>
        <source>The camera is being asked.</source>
        <translation>正在连接相机。</translation>
    </message>
    <message>
        <source>New, changing pictures arrive.</source>
        <translation>不断收到变化的新画面。</translation>
    </message>
    <message>
        <source>No new picture: what you see is old.</source>
        <translation>没有新画面，所见为旧画面。</translation>
    </message>
    <message>
        <source>Live, but slower, smaller or damaged.</source>
        <translation>实时，但变慢、变小或有损坏。</translation>
    </message>
    <message>
        <source>User name or password is wrong. Not tried again by itself.</source>
        <translation>用户名或密码错误。不会自动重试。</translation>
    </message>
    <message>
        <source>No connection. Tried again by itself.</source>
        <translation>无法连接。会自动重试。</translation>
    </message>
    <message>
        <source>Reached, but its format cannot be shown.</source>
        <translation>已连接，但格式无法显示。</translation>
    </message>
    <message>
        <source>The camera sends black or repeats a picture.</source>
        <translation>相机发送黑屏，或重复同一画面。</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Keys and symbols</source>
        <translation>按键与符号</translation>
    </message>
    <message>
        <source>Search a key or what it does</source>
        <translation>搜索按键或功能</translation>
    </message>
    <message>
        <source>No key and no action is called that.</source>
        <translation>没有此名称的按键或功能。</translation>
    </message>
    <message>
        <source>Digits, Enter</source>
        <translation>数字 回车</translation>
    </message>
    <message>
        <source>Camera with this call number to the tile</source>
        <translation>将该调用号的相机放到所选画面</translation>
    </message>
    <message>
        <source>Digits . Enter</source>
        <translation>数字 . 回车</translation>
    </message>
    <message>
        <source>Select the tile with this number</source>
        <translation>选择该序号的画面</translation>
    </message>
    <message>
        <source>* digits, Enter</source>
        <translation>* 数字，回车</translation>
    </message>
    <message>
        <source>Preset with this number</source>
        <translation>调用此编号的预置位</translation>
    </message>
    <message>
        <source>Tab, Shift+Tab</source>
        <translation>Tab、Shift+Tab</translation>
    </message>
    <message>
        <source>Next, previous tile</source>
        <translation>下一个、上一个画面</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Freeze the tile, and let go</source>
        <translation>冻结窗格，再按恢复</translation>
    </message>
    <message>
        <source>In a replay: , .</source>
        <translation>回放中：, .</translation>
    </message>
    <message>
        <source>One picture back, on</source>
        <translation>后退、前进一帧</translation>
    </message>
    <message>
        <source>In a replay: J L</source>
        <translation>回放中：J L</translation>
    </message>
    <message>
        <source>Slower, faster</source>
        <translation>减慢、加快</translation>
    </message>
    <message>
        <source>In a replay: [ ] E</source>
        <translation>回放中：[ ] E</translation>
    </message>
    <message>
        <source>Mark in, mark out, export</source>
        <translation>入点、出点、导出</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Zoom into the picture; drag moves it, Esc shows all</source>
        <translation>放大画面；拖动可移动，Esc 显示全部</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>Turn the camera while held; without PTZ: select a tile</source>
        <translation>按住时转动云台；无云台时选择画面</translation>
    </message>
    <message>
        <source>Zoom while held</source>
        <translation>按住时变倍</translation>
    </message>
    <message>
        <source>Back from a maximised tile; empty the search</source>
        <translation>从最大化画面返回；清空搜索</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Maximise a tile and back</source>
        <translation>最大化画面，再次返回</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>单击</translation>
    </message>
    <message>
        <source>PTZ by mouse, on the selected tile: that point to the middle</source>
        <translation>鼠标云台，在选中的窗格上：将该点移到中央</translation>
    </message>
    <message>
        <source>Press and drag</source>
        <translation>按住拖动</translation>
    </message>
    <message>
        <source>PTZ by mouse: turn the camera while held</source>
        <translation>鼠标云台：按住时转动相机</translation>
    </message>
    <message>
        <source>Shift+drag</source>
        <translation>Shift+拖动</translation>
    </message>
    <message>
        <source>PTZ by mouse: zoom the camera to a box; Esc cancels</source>
        <translation>鼠标云台：将相机放大到所画方框；Esc 取消</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>A camera or a site to a tile; a tile to another: swap</source>
        <translation>相机或地点拖到画面；画面拖到画面：互换</translation>
    </message>
    <message>
        <source>On the wall</source>
        <translation>电视墙上</translation>
    </message>
    <message>
        <source>What a camera may be</source>
        <translation>相机的状态</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import into the asset register</source>
        <translation>导入设备档案</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>To the step before</source>
        <translation>返回上一步</translation>
    </message>
    <message>
        <source>Check file</source>
        <translation>检查文件</translation>
    </message>
    <message>
        <source>To the next step</source>
        <translation>进入下一步</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>(do not add new cameras)</source>
        <translation>（不新增相机）</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Excel or CSV</source>
        <translation>Excel 或 CSV</translation>
    </message>
    <message>
        <source>Excel (.xlsx) or CSV (UTF-8 or GB 18030), up to 200,000 rows</source>
        <translation>Excel（.xlsx）或 CSV（UTF-8 或 GB 18030），最多 200,000 行</translation>
    </message>
    <message>
        <source>Column of the file</source>
        <translation>文件中的列</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>is the field</source>
        <translation>对应字段</translation>
    </message>
    <message>
        <source>GCJ-02 (Chinese web maps): convert</source>
        <translation>GCJ-02（网络地图）：转换</translation>
    </message>
    <message>
        <source>Coordinates are</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>Undo this import</source>
        <translation>撤销此次导入</translation>
    </message>
    <message>
        <source>Earlier imports</source>
        <translation>以往导入</translation>
    </message>
    <message>
        <source>(not imported)</source>
        <translation>（不导入）</translation>
    </message>
    <message>
        <source>New cameras without a site go to</source>
        <translation>未写明片区的新相机归入</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>现有</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>文件中</translation>
    </message>
    <message>
        <source>Take all of these</source>
        <translation>全部采用</translation>
    </message>
    <message>
        <source>What the file says</source>
        <translation>采用文件中的值</translation>
    </message>
    <message>
        <source>Keep all of these</source>
        <translation>全部保留</translation>
    </message>
    <message>
        <source>What is here</source>
        <translation>保留现有的值</translation>
    </message>
    <message>
        <source>Page before</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>{rows} rows: {new} new, {changed} changed, {same} as they are here, {wrong} with errors</source>
        <translation>共 {rows} 行：新增 {new}，变更 {changed}，一致 {same}，有错误 {wrong}</translation>
    </message>
    <message>
        <source>Nothing was written yet. {fills} empty fields will be filled. Rows with errors are left out. Nothing is ever deleted.</source>
        <translation>尚未写入。将补充 {fills} 个空字段。有错误的行不导入。导入不会删除任何内容。</translation>
    </message>
    <message>
        <source>All fields</source>
        <translation>全部字段</translation>
    </message>
    <message>
        <source>Errors ({errors}) and hints ({hints})</source>
        <translation>错误（{errors}）和提示（{hints}）</translation>
    </message>
    <message>
        <source>Differences ({count}, {taken} taken)</source>
        <translation>差异（{count}，采用 {taken}）</translation>
    </message>
    <message>
        <source>Hint: {text}</source>
        <translation>提示：{text}</translation>
    </message>
    <message>
        <source>Undo the whole import</source>
        <translation>撤销整个导入</translation>
    </message>
    <message>
        <source>Gives back what was here, wherever nothing was changed since</source>
        <translation>恢复导入前的内容（此后未再修改的部分）</translation>
    </message>
    <message>
        <source>Stopped: what was written before stays.</source>
        <translation>已停止：此前写入的内容保留。</translation>
    </message>
    <message>
        <source>Imported.</source>
        <translation>导入完成。</translation>
    </message>
    <message>
        <source>{count} cameras added</source>
        <translation>新增相机 {count} 台</translation>
    </message>
    <message>
        <source>{count} cameras changed</source>
        <translation>变更相机 {count} 台</translation>
    </message>
    <message>
        <source>{count} fields written</source>
        <translation>写入字段 {count} 个</translation>
    </message>
    <message>
        <source>{count} differences kept as they are here</source>
        <translation>保留现有值的差异 {count} 处</translation>
    </message>
    <message>
        <source>{count} new cameras left out: no site</source>
        <translation>未导入新相机 {count} 台：没有片区</translation>
    </message>
    <message>
        <source>{count} fields left: changed by somebody meanwhile</source>
        <translation>未写入字段 {count} 个：期间已被他人修改</translation>
    </message>
    <message>
        <source>{count} rows with errors left out</source>
        <translation>未导入有错误的行 {count} 行</translation>
    </message>
    <message>
        <source>The import was undone.</source>
        <translation>已撤销导入。</translation>
    </message>
    <message>
        <source>{count} fields have their former values</source>
        <translation>恢复字段 {count} 个</translation>
    </message>
    <message>
        <source>{count} added cameras removed</source>
        <translation>移除新增相机 {count} 台</translation>
    </message>
    <message>
        <source>{count} left: changed by somebody since</source>
        <translation>保留 {count} 处：此后已被修改</translation>
    </message>
    <message>
        <source>Two columns are the same field: {field}</source>
        <translation>两列对应同一字段：{field}</translation>
    </message>
    <message>
        <source>Say which column holds the device code.</source>
        <translation>请指定设备编码所在的列。</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
</context>
<context>
    <name>IncidentWindow</name>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Search number, place, camera, person, words</source>
        <translation>搜索编号、地点、相机、人员、内容</translation>
    </message>
    <message>
        <source>New incident without a camera…</source>
        <translation>新建事件（不选相机）…</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Task card</source>
        <translation>处置卡</translation>
    </message>
    <message>
        <source>Told…</source>
        <translation>已通知…</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>Evidence…</source>
        <translation>证据…</translation>
    </message>
    <message>
        <source>Show camera</source>
        <translation>显示相机</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>结束…</translation>
    </message>
    <message>
        <source>Review…</source>
        <translation>复核…</translation>
    </message>
    <message>
        <source>Open again…</source>
        <translation>重新打开…</translation>
    </message>
    <message>
        <source>today and yesterday</source>
        <translation>今天和昨天</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>31 days</source>
        <translation>31 天</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>every state</source>
        <translation>全部状态</translation>
    </message>
    <message>
        <source>No incident is like that. Choose a longer period, another state or other words.</source>
        <translation>没有符合条件的事件。请放宽时间、状态或关键词。</translation>
    </message>
    <message>
        <source>No incident in this time. On the wall, I opens one for the selected tile; “New incident without a camera” is below.</source>
        <translation>这段时间没有事件。在电视墙上选中画面后按 I 登记事件；也可用下方“新建无相机事件”。</translation>
    </message>
    <message numerus="yes">
        <source>%n incident(s)</source>
        <translation>
            <numerusform>%n 起事件</numerusform>
        </translation>
    </message>
    <message>
        <source>the newest 300</source>
        <translation>最新 300 起</translation>
    </message>
    <message>
        <source>No incident chosen</source>
        <translation>未选择事件</translation>
    </message>
    <message>
        <source>Choose an incident on the left to read it and write on.

A new one: on the wall, select the tile that shows it and press I. Camera, time and your name are filled in.</source>
        <translation>在左侧选择一起事件，即可查看并续写。

新建：在电视墙上选中相应画面后按 I，相机、时间和您的姓名会自动填好。</translation>
    </message>
    <message>
        <source>What happens now? Enter writes it down.</source>
        <translation>现在发生什么？回车记录。</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>该事件已结束。</translation>
    </message>
    <message>
        <source>⚠ one of two versions: {text}</source>
        <translation>⚠ 两个版本之一：{text}</translation>
    </message>
    <message>
        <source>{text}  (written after the closing)</source>
        <translation>{text}（结束后写入）</translation>
    </message>
    <message>
        <source>Entered {time} on {console}, No. {number}, SHA-256 {hash}</source>
        <translation>{time} 录入于 {console}，第 {number} 条，SHA-256 {hash}</translation>
    </message>
    <message>
        <source>⚠ {what}: written apart. Which one holds?</source>
        <translation>⚠ {what}：两处分别填写，以哪个为准？</translation>
    </message>
    <message>
        <source>Correct:</source>
        <translation>更正：</translation>
    </message>
    <message>
        <source>Only lines of the log can be corrected; all else is set anew.</source>
        <translation>只能更正文字记录；其他内容请重新设置。</translation>
    </message>
    <message>
        <source>There is no further evidence package on this console: S takes a snapshot, R and E a clip.</source>
        <translation>本机没有其他证据包：S 抓拍，R 和 E 截取录像。</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Evidence package:</source>
        <translation>证据包：</translation>
    </message>
    <message>
        <source>Close incident</source>
        <translation>结束事件</translation>
    </message>
    <message>
        <source>What came of it?</source>
        <translation>处置结果如何？</translation>
    </message>
    <message>
        <source>The incident is to be reviewed.</source>
        <translation>将复核该事件。</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复核</translation>
    </message>
    <message>
        <source>What is to be learned from it?</source>
        <translation>有什么值得总结？</translation>
    </message>
    <message>
        <source>The incident is to be opened again.</source>
        <translation>将重新打开该事件。</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>原因？</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>InspectionWindow</name>
    <message>
        <source>On-site inspection</source>
        <translation>现场巡检</translation>
    </message>
    <message>
        <source>Find a site</source>
        <translation>查找站点</translation>
    </message>
    <message>
        <source>all sites</source>
        <translation>全部站点</translation>
    </message>
    <message>
        <source>due now</source>
        <translation>已到期</translation>
    </message>
    <message>
        <source>begun</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Last inspection</source>
        <translation>上次巡检</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>应检日期</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Add photo…</source>
        <translation>添加照片…</translation>
    </message>
    <message>
        <source>The rest is in order</source>
        <translation>其余正常</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>保存为 PDF…</translation>
    </message>
    <message>
        <source>Sign the result</source>
        <translation>签字确认</translation>
    </message>
    <message>
        <source>Go on later</source>
        <translation>稍后继续</translation>
    </message>
    <message>
        <source>Everything entered is kept; the site&apos;s line goes on with it.</source>
        <translation>已填内容都会保留，可从站点列表继续。</translation>
    </message>
    <message>
        <source>◑ begun</source>
        <translation>◑ 进行中</translation>
    </message>
    <message>
        <source>never looked at</source>
        <translation>从未巡检</translation>
    </message>
    <message>
        <source>▲ overdue</source>
        <translation>▲ 已超期</translation>
    </message>
    <message>
        <source>◢ soon</source>
        <translation>◢ 即将到期</translation>
    </message>
    <message>
        <source>There is no site yet. Sites come with cameras: on the main window, “Camera”, “Add camera”.</source>
        <translation>还没有站点。站点随相机建立：在主窗口选择“相机”→“添加相机”。</translation>
    </message>
    <message>
        <source>No site of that kind.</source>
        <translation>没有这样的站点。</translation>
    </message>
    <message>
        <source>Choose a site, then “Start”. It works without a network.</source>
        <translation>选择站点后点“开始”。无网络也可使用。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>“{name}” has no cameras to look at.</source>
        <translation>“{name}”没有可巡检的相机。</translation>
    </message>
    <message>
        <source>{count} items are left.</source>
        <translation>还剩 {count} 项。</translation>
    </message>
    <message>
        <source>Everything was looked at: sign it.</source>
        <translation>已全部检查，请签字。</translation>
    </message>
    <message>
        <source>In order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Fault…</source>
        <translation>故障…</translation>
    </message>
    <message>
        <source>Not there</source>
        <translation>无此项</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>What is wrong?</source>
        <translation>什么问题？</translation>
    </message>
    <message>
        <source>Photos of this camera</source>
        <translation>此相机的照片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Signed. It is in the logs and registers, too.</source>
        <translation>已签字，并已记入日志与登记簿。</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message numerus="yes">
        <source>Make one ticket of %n</source>
        <translation>
            <numerusform>将 %n 张工单合并为一张</numerusform>
        </translation>
    </message>
    <message>
        <source>Which one leads? It keeps its number, state and clock.</source>
        <translation>以哪一张为主？它保留编号、状态和计时。</translation>
    </message>
    <message>
        <source>The others become part of it, with their cameras, words and pictures. They can be separated again.</source>
        <translation>其余工单连同相机、文字和图片并入其中，之后可以重新分开。</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>KeptViews</name>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Everybody&apos;s</source>
        <translation>公共</translation>
    </message>
    <message>
        <source>No tours yet</source>
        <translation>尚无轮巡</translation>
    </message>
    <message>
        <source>&amp;Change tour</source>
        <translation>更改轮巡(&amp;C)</translation>
    </message>
    <message>
        <source>Save view</source>
        <translation>保存视图</translation>
    </message>
    <message>
        <source>Name of this view:</source>
        <translation>视图名称：</translation>
    </message>
    <message>
        <source>View “{name}” saved.</source>
        <translation>视图“{name}”已保存。</translation>
    </message>
    <message>
        <source>Rename view</source>
        <translation>重命名视图</translation>
    </message>
    <message>
        <source>New name:</source>
        <translation>新名称：</translation>
    </message>
    <message>
        <source>View “{name}” deleted.</source>
        <translation>视图“{name}”已删除。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Delete the layout “{name}”? Views that use it keep it.</source>
        <translation>删除布局“{name}”？使用它的视图不受影响。</translation>
    </message>
    <message>
        <source>Delete layout</source>
        <translation>删除布局</translation>
    </message>
    <message>
        <source>Tour “{name}” deleted.</source>
        <translation>轮巡“{name}”已删除。</translation>
    </message>
    <message>
        <source>Tour “{name}” saved.</source>
        <translation>轮巡“{name}”已保存。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
</context>
<context>
    <name>KeyMapDialog</name>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Search an action or a key</source>
        <translation>搜索操作或按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>不设按键</translation>
    </message>
    <message>
        <source>All to default</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>New keys:</source>
        <translation>新按键：</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{keys} is in use: {action}</source>
        <translation>{keys} 已被占用：{action}</translation>
    </message>
    <message>
        <source>{keys} belongs to the wall itself.</source>
        <translation>{keys} 由电视墙自身使用。</translation>
    </message>
</context>
<context>
    <name>LayoutDialog</name>
    <message>
        <source>New layout</source>
        <translation>新建布局</translation>
    </message>
    <message>
        <source>such as “Station, four gates”</source>
        <translation>例如“车站四个出入口”</translation>
    </message>
    <message>
        <source>Drag over cells to merge them; double-click a cell to split it.</source>
        <translation>拖过格子可合并；双击格子可拆分。</translation>
    </message>
    <message>
        <source>Split all</source>
        <translation>全部拆分</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Rows × columns</source>
        <translation>行 × 列</translation>
    </message>
</context>
<context>
    <name>LinesModel</name>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自</translation>
    </message>
    <message>
        <source>With</source>
        <translation>承办</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>上报</translation>
    </message>
    <message>
        <source>due {time}</source>
        <translation>{time} 到期</translation>
    </message>
    <message>
        <source>reported {time} by {person}</source>
        <translation>{time} 由 {person} 上报</translation>
    </message>
    <message>
        <source>⇧ somebody above should know, or was told</source>
        <translation>⇧ 应上报或已上报上级</translation>
    </message>
</context>
<context>
    <name>LockDialog</name>
    <message>
        <source>Locked since {time}. The pictures run on.</source>
        <translation>自 {time} 起已锁定，画面继续播放。</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN 码</translation>
    </message>
    <message>
        <source>Password or PIN</source>
        <translation>密码或 PIN</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Another person…</source>
        <translation>换人…</translation>
    </message>
    <message numerus="yes">
        <source>Wait %n second(s) before the next try.</source>
        <translation>
            <numerusform>请等待 %n 秒后再试。</numerusform>
        </translation>
    </message>
    <message>
        <source>This password or PIN is wrong.</source>
        <translation>密码或 PIN 不正确。</translation>
    </message>
    <message>
        <source>This PIN is wrong.</source>
        <translation>PIN 码错误。</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>theft</source>
        <translation>盗窃</translation>
    </message>
    <message>
        <source>fight</source>
        <translation>打架斗殴</translation>
    </message>
    <message>
        <source>traffic accident</source>
        <translation>交通事故</translation>
    </message>
    <message>
        <source>fire or smoke</source>
        <translation>火情烟雾</translation>
    </message>
    <message>
        <source>medical emergency</source>
        <translation>急病受伤</translation>
    </message>
    <message>
        <source>crowd</source>
        <translation>人群聚集</translation>
    </message>
    <message>
        <source>missing person</source>
        <translation>人员走失</translation>
    </message>
    <message>
        <source>damage</source>
        <translation>设施损坏</translation>
    </message>
    <message>
        <source>suspicious</source>
        <translation>可疑情况</translation>
    </message>
    <message>
        <source>natural disaster</source>
        <translation>自然灾害</translation>
    </message>
    <message>
        <source>about a camera</source>
        <translation>相机相关</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>seen by the operator</source>
        <translation>值班员发现</translation>
    </message>
    <message>
        <source>alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>patrol</source>
        <translation>巡逻</translation>
    </message>
    <message>
        <source>open</source>
        <translation>处置中</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>reviewed</source>
        <translation>已复核</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>USB stick</source>
        <translation>U 盘</translation>
    </message>
    <message>
        <source>CD or DVD</source>
        <translation>光盘</translation>
    </message>
    <message>
        <source>hard disk</source>
        <translation>硬盘</translation>
    </message>
    <message>
        <source>over the network</source>
        <translation>网络传输</translation>
    </message>
    <message>
        <source>printed</source>
        <translation>打印件</translation>
    </message>
    <message>
        <source>viewed here, no copy</source>
        <translation>现场查看，未复制</translation>
    </message>
    <message>
        <source>handed over</source>
        <translation>已交班</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>归还</translation>
    </message>
    <message>
        <source>destroyed</source>
        <translation>销毁</translation>
    </message>
    <message>
        <source>countersigned</source>
        <translation>已会签</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>已签名</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>已排班</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Noticed at</source>
        <translation>发现时间</translation>
    </message>
    <message>
        <source>Noticed by</source>
        <translation>发现方式</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Recording kept</source>
        <translation>保留的录像</translation>
    </message>
    <message>
        <source>Opened: {what}</source>
        <translation>新建：{what}</translation>
    </message>
    <message>
        <source>Camera: {name}</source>
        <translation>相机：{name}</translation>
    </message>
    <message>
        <source>Told: {unit}, {name} at {time}</source>
        <translation>已通知：{unit}，{name}，{time}</translation>
    </message>
    <message>
        <source>Evidence: {name}</source>
        <translation>证据：{name}</translation>
    </message>
    <message>
        <source>Fault ticket: {name}</source>
        <translation>故障单：{name}</translation>
    </message>
    <message>
        <source>Closed: {what}</source>
        <translation>结束：{what}</translation>
    </message>
    <message>
        <source>Opened again: {what}</source>
        <translation>重新打开：{what}</translation>
    </message>
    <message>
        <source>Reviewed: {what}</source>
        <translation>复核：{what}</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>该事件已结束。</translation>
    </message>
    <message>
        <source>The incident is still open.</source>
        <translation>该事件仍在处置中。</translation>
    </message>
    <message>
        <source>Write the result first.</source>
        <translation>请先填写结果。</translation>
    </message>
    <message>
        <source>Decide first which of two versions holds.</source>
        <translation>请先确定以哪个版本为准。</translation>
    </message>
    <message>
        <source>Only a supervisor may do this.</source>
        <translation>只有主管可以操作。</translation>
    </message>
    <message>
        <source>Only a supervisor may do this: let one sign in here (menu Organisation), or do it on their own console.</source>
        <translation>只有主管可以操作：请主管在此登录（“单位”菜单），或在其席位上操作。</translation>
    </message>
    <message>
        <source>Read every item first.</source>
        <translation>请先逐项阅读。</translation>
    </message>
    <message>
        <source>It must be another person.</source>
        <translation>必须由另一人签名。</translation>
    </message>
    <message>
        <source>Who signs?</source>
        <translation>由谁签名？</translation>
    </message>
    <message>
        <source>Both have to sign first.</source>
        <translation>须先由双方签名。</translation>
    </message>
    <message>
        <source>Open incident</source>
        <translation>未结事件</translation>
    </message>
    <message>
        <source>Open fault</source>
        <translation>未结故障</translation>
    </message>
    <message>
        <source>Camera lost</source>
        <translation>相机中断</translation>
    </message>
    <message>
        <source>Camera lost and back</source>
        <translation>相机中断后恢复</translation>
    </message>
    <message>
        <source>No good picture now</source>
        <translation>当前画面异常</translation>
    </message>
    <message>
        <source>PTZ not at home</source>
        <translation>云台未归位</translation>
    </message>
    <message>
        <source>Export not finished</source>
        <translation>导出未完成</translation>
    </message>
    <message>
        <source>Review owed</source>
        <translation>待复核</translation>
    </message>
    <message>
        <source>Shelved alarm</source>
        <translation>搁置的报警</translation>
    </message>
    <message>
        <source>Equipment</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>finished, not handed to {name} yet</source>
        <translation>已完成，尚未交给 {name}</translation>
    </message>
</context>
<context>
    <name>LogDialog</name>
    <message>
        <source>Who steered {camera}</source>
        <translation>{camera} 的控制记录</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Nobody has steered this camera from here yet.</source>
        <translation>尚无人控制过此相机。</translation>
    </message>
    <message>
        <source>this workstation</source>
        <translation>本席位</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>云台</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Watchroom</source>
        <translation>Watchroom 值守室</translation>
    </message>
    <message>
        <source>passwords: encrypted file</source>
        <translation>密码：加密文件</translation>
    </message>
    <message>
        <source>This system has no keyring. Camera passwords are kept in an encrypted file that only your account can read.</source>
        <translation>本系统没有密钥环。相机密码保存在只有您的账户可读的加密文件中。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>This site has no cameras.</source>
        <translation>该地点没有相机。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) found no free tile.</source>
        <translation>
            <numerusform>有 %n 台相机没有空闲窗格。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Nothing of this camera is kept yet.</source>
        <translation>此相机尚无缓存。</translation>
    </message>
    <message>
        <source>Cameras  →  wall {number}</source>
        <translation>相机 → 电视墙 {number}</translation>
    </message>
    <message>
        <source>There are as many wall windows as can be.</source>
        <translation>电视墙窗口数已达上限。</translation>
    </message>
    <message>
        <source>What this wall costs</source>
        <translation>电视墙开销</translation>
    </message>
    <message>
        <source>The last state of the walls cannot be read.</source>
        <translation>无法读取电视墙的上次状态。</translation>
    </message>
    <message>
        <source>Bring back the one before</source>
        <translation>恢复更早的状态</translation>
    </message>
    <message>
        <source>Select a tile with a camera first.</source>
        <translation>请先选中有相机的窗格。</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>已休息</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Events of cameras</source>
        <translation>相机事件</translation>
    </message>
    <message>
        <source>Nobody here has a PIN, so nobody could unlock.</source>
        <translation>此处无人设有 PIN 码，锁定后无人能解锁。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>F11 leaves full screen.</source>
        <translation>按 F11 退出全屏。</translation>
    </message>
    <message>
        <source>{live} of {all} live</source>
        <translation>{all} 路中 {live} 路实时</translation>
    </message>
    <message numerus="yes">
        <source>%n in trouble</source>
        <translation>
            <numerusform>%n 路异常</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>MaintenanceDialog</name>
    <message numerus="yes">
        <source>Maintenance of %n camera(s)</source>
        <translation>
            <numerusform>%n 台相机检修</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n 小时</numerusform>
        </translation>
    </message>
    <message>
        <source>For instance: cleaning, new pole, road works</source>
        <translation>例如：清洗、换杆、道路施工</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>截止</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Its faults do not count in the figures meanwhile; what happens is kept. It ends by itself.</source>
        <translation>检修期间故障不计入考核，事件照常记录；到时自动结束。</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Manage</name>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>view live</source>
        <translation>实时查看</translation>
    </message>
    <message>
        <source>steer</source>
        <translation>云台控制</translation>
    </message>
    <message>
        <source>play back</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>set up</source>
        <translation>调试</translation>
    </message>
    <message>
        <source>repair</source>
        <translation>维修</translation>
    </message>
    <message>
        <source>verify</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>administer</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>viewer</source>
        <translation>查看员</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>值班员</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>commissioner</source>
        <translation>调试员</translation>
    </message>
    <message>
        <source>maintainer</source>
        <translation>维修员</translation>
    </message>
    <message>
        <source>auditor</source>
        <translation>审计员</translation>
    </message>
    <message>
        <source>administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>system</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>sees live pictures</source>
        <translation>查看实时画面</translation>
    </message>
    <message>
        <source>sees, steers, plays back</source>
        <translation>查看、控制云台、回放</translation>
    </message>
    <message>
        <source>and exports, verifies, asks others for cameras</source>
        <translation>另可导出、核验、向其他单位申请相机</translation>
    </message>
    <message>
        <source>sets cameras up</source>
        <translation>安装调试相机</translation>
    </message>
    <message>
        <source>repairs</source>
        <translation>维修</translation>
    </message>
    <message>
        <source>reads the audit log; sees no camera</source>
        <translation>查阅审计日志；不能查看相机</translation>
    </message>
    <message>
        <source>accounts, consoles, groups, sharing</source>
        <translation>账户、席位、分组、共享</translation>
    </message>
    <message>
        <source>makes organisations; sees no camera</source>
        <translation>新建单位；不能查看相机</translation>
    </message>
    <message>
        <source>Sign in on a server first.</source>
        <translation>请先登录服务器。</translation>
    </message>
    <message>
        <source> or </source>
        <translation>或</translation>
    </message>
    <message>
        <source>This needs the role {roles}. You have: {mine}. An administrator of your organisation gives roles.</source>
        <translation>需要角色：{roles}。您的角色：{mine}。角色由本单位管理员授予。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not the one that was trusted. Nothing was sent. Ask whoever runs the server.</source>
        <translation>服务器证书不是已信任的证书。未发送任何内容。请询问服务器管理人员。</translation>
    </message>
    <message>
        <source>The server does not answer ({reason}). Nothing was changed for sure; read again once it is there.</source>
        <translation>服务器没有应答（{reason}）。不能确定更改是否生效；恢复后请重新读取。</translation>
    </message>
    <message>
        <source>None of your roles may do this.</source>
        <translation>您的角色无权执行此操作。</translation>
    </message>
    <message>
        <source>There is no such thing any more, or it is not yours to see. Read again.</source>
        <translation>该内容已不存在，或您无权查看。请重新读取。</translation>
    </message>
    <message>
        <source>This is your organisation&apos;s own: nobody needs to be asked.</source>
        <translation>这属于本单位，无需申请。</translation>
    </message>
    <message>
        <source>The end must be after the beginning and after now.</source>
        <translation>结束时间必须晚于开始时间和当前时间。</translation>
    </message>
    <message>
        <source>Access for another organisation needs an end.</source>
        <translation>授予其他单位的访问必须有结束时间。</translation>
    </message>
    <message>
        <source>Somebody decided this meanwhile. Read again.</source>
        <translation>已有人审批。请重新读取。</translation>
    </message>
    <message>
        <source>The time that was asked for is over: refuse it.</source>
        <translation>申请的时间已过，请拒绝。</translation>
    </message>
    <message>
        <source>It was withdrawn before.</source>
        <translation>此前已撤回。</translation>
    </message>
    <message>
        <source>It was never approved.</source>
        <translation>从未批准。</translation>
    </message>
    <message>
        <source>There is an account with this login: choose another.</source>
        <translation>此登录名已存在，请换一个。</translation>
    </message>
    <message>
        <source>This code is wrong, used or expired. Ask for a new one.</source>
        <translation>代码错误、已使用或已过期。请索取新的代码。</translation>
    </message>
    <message>
        <source>This server has no key to sign with. Whoever runs it must set one.</source>
        <translation>此服务器没有签名密钥，须由服务器管理人员设置。</translation>
    </message>
    <message>
        <source>Set a password of your own first: menu Organisation, Change password…</source>
        <translation>请先设置自己的密码：菜单“单位”，“更改密码…”</translation>
    </message>
    <message>
        <source>The old password is wrong.</source>
        <translation>旧密码错误。</translation>
    </message>
    <message>
        <source>This sign-in has ended. Sign in again.</source>
        <translation>登录已失效，请重新登录。</translation>
    </message>
    <message>
        <source>This console is connected with no server.</source>
        <translation>此席位未连接服务器。</translation>
    </message>
    <message>
        <source>Passwords would cross the network in clear text: use an https address.</source>
        <translation>密码将以明文在网络上传输：请使用 https 地址。</translation>
    </message>
    <message>
        <source>This is no address of a server.</source>
        <translation>这不是服务器地址。</translation>
    </message>
    <message>
        <source>The server refused: {reason}</source>
        <translation>服务器拒绝：{reason}</translation>
    </message>
    <message>
        <source>The file could not be written: {reason}</source>
        <translation>无法写入文件：{reason}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Reason (the others read it)</source>
        <translation>理由（对方可见）</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>A reason is needed, of three characters or more.</source>
        <translation>请填写理由，至少三个字。</translation>
    </message>
    <message>
        <source>It is shown this once and kept nowhere in clear text. Write it down or copy it now.</source>
        <translation>仅显示这一次，任何地方都不以明文保存。请立即抄写或复制。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>I have it</source>
        <translation>已记下</translation>
    </message>
    <message>
        <source>Search in this list</source>
        <translation>在列表中搜索</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Save as table</source>
        <translation>保存为表格</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>MaskDialog</name>
    <message>
        <source>Private areas of “{name}”</source>
        <translation>“{name}”的隐私遮挡</translation>
    </message>
    <message>
        <source>Click the corners of an area; click the first corner again, or double-click, to close it. Drag a corner to move it, Delete removes the selected area.</source>
        <translation>依次单击区域的各角；再次单击第一个角或双击即可闭合。拖动角点可移动，Delete 删除选中的区域。</translation>
    </message>
    <message>
        <source>Areas are covered on this wall, in snapshots and in exports. On a PTZ camera they do not follow the movement.</source>
        <translation>区域在电视墙、抓图和导出中都会被遮盖。云台相机转动时遮挡不会跟随。</translation>
    </message>
    <message>
        <source>Remove area</source>
        <translation>删除区域</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>MembersDialog</name>
    <message>
        <source>Cameras of “{name}”</source>
        <translation>“{name}”的相机</translation>
    </message>
    <message>
        <source>Name, pinyin, number, code, IP</source>
        <translation>名称、拼音、编号、编码、IP</translation>
    </message>
    <message>
        <source>Found cameras</source>
        <translation>找到的相机</translation>
    </message>
    <message>
        <source>Cameras in the group</source>
        <translation>分组中的相机</translation>
    </message>
    <message>
        <source>Add ▸</source>
        <translation>加入 ▸</translation>
    </message>
    <message>
        <source>◂ Take out</source>
        <translation>◂ 移出</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete 键</translation>
    </message>
    <message>
        <source>In the group</source>
        <translation>分组中</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>(not on this console) {id}</source>
        <translation>（不在此席位）{id}</translation>
    </message>
    <message>
        <source>None of your cameras matches.</source>
        <translation>本单位没有符合的相机。</translation>
    </message>
    <message numerus="yes">
        <source>The first %n; type to narrow it down.</source>
        <translation>
            <numerusform>前 %n 个；请输入以缩小范围。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 个相机</numerusform>
        </translation>
    </message>
    <message>
        <source>A group has at most {most} cameras: make several.</source>
        <translation>一个分组最多 {most} 个相机，请分成几个。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Add camera…</source>
        <translation>添加相机(&amp;A)…</translation>
    </message>
    <message>
        <source>Find cameras on the &amp;network…</source>
        <translation>在网络上查找相机(&amp;N)…</translation>
    </message>
    <message>
        <source>Chec&amp;k and accept…</source>
        <translation>检查与验收(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Has it moved?…</source>
        <translation>是否移位(&amp;H)…</translation>
    </message>
    <message>
        <source>Set &amp;up many cameras…</source>
        <translation>批量设置相机(&amp;U)…</translation>
    </message>
    <message>
        <source>&amp;Edit camera…</source>
        <translation>编辑相机(&amp;E)…</translation>
    </message>
    <message>
        <source>File of the &amp;device…</source>
        <translation>一机一档(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Import into the asset register…</source>
        <translation>导入设备档案(&amp;I)…</translation>
    </message>
    <message>
        <source>E&amp;xport the asset register…</source>
        <translation>导出设备档案(&amp;X)…</translation>
    </message>
    <message>
        <source>Fields and c&amp;ode lists…</source>
        <translation>字段与代码表(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;What devices say otherwise…</source>
        <translation>设备与档案核对(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;Remove camera…</source>
        <translation>移除相机(&amp;R)…</translation>
    </message>
    <message>
        <source>Fa&amp;vourite</source>
        <translation>收藏(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Find camera</source>
        <translation>查找相机(&amp;F)</translation>
    </message>
    <message>
        <source>Find by &amp;place…</source>
        <translation>按地点查找(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Maximise tile</source>
        <translation>放大窗格(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Clear tile</source>
        <translation>清空窗格(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Undo change of the wall</source>
        <translation>撤销电视墙更改(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Try to connect again</source>
        <translation>重新连接(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Sound of this tile</source>
        <translation>收听此画面(&amp;S)</translation>
    </message>
    <message>
        <source>Mut&amp;e</source>
        <translation>静音(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;PTZ by mouse</source>
        <translation>鼠标控制云台(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Zoom in (digital)</source>
        <translation>数字放大(&amp;Z)</translation>
    </message>
    <message>
        <source>Zoom &amp;out (digital)</source>
        <translation>数字缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Whole picture</source>
        <translation>完整画面(&amp;W)</translation>
    </message>
    <message>
        <source>Picture sh&amp;ape: fit, fill, stretch</source>
        <translation>画面比例：适应、填充、拉伸(&amp;A)</translation>
    </message>
    <message>
        <source>Spot t&amp;ile: follows the selection</source>
        <translation>焦点窗格：跟随选中(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Instant replay, or back to live</source>
        <translation>即时回放，或返回实时(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Snapshot…</source>
        <translation>抓图(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Why are pictures taken…</source>
        <translation>调取事由(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;End the case</source>
        <translation>结束本案(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Open recording…</source>
        <translation>打开录像(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Register of retrievals…</source>
        <translation>调取登记(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Incident of this tile…</source>
        <translation>此画面的事件(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;New incident of this tile…</source>
        <translation>为此画面新建事件(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Add this tile to the incident</source>
        <translation>将此画面加入事件(&amp;A)</translation>
    </message>
    <message>
        <source>Incidents: &amp;list and log…</source>
        <translation>事件列表与记录(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Shift and handover…</source>
        <translation>班次与交接班(&amp;S)…</translation>
    </message>
    <message>
        <source>Video &amp;patrols…</source>
        <translation>视频巡检(&amp;P)…</translation>
    </message>
    <message>
        <source>Logs and &amp;registers…</source>
        <translation>日志与登记簿(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;On-site inspection…</source>
        <translation>现场巡检(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Qualifications and training…</source>
        <translation>资质与培训(&amp;Q)…</translation>
    </message>
    <message>
        <source>Pra&amp;ctice…</source>
        <translation>演练(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Task cards and lists…</source>
        <translation>处置卡与清单(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Report a fault…</source>
        <translation>上报故障(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Faults: list and board</source>
        <translation>故障列表与看板(&amp;F)</translation>
    </message>
    <message>
        <source>Faults of this &amp;camera</source>
        <translation>此相机的故障(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Time limits of faults…</source>
        <translation>故障时限(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Maintenance: begin, or end</source>
        <translation>检修：开始或结束(&amp;M)</translation>
    </message>
    <message>
        <source>Fi&amp;gures…</source>
        <translation>统计(&amp;G)…</translation>
    </message>
    <message>
        <source>Private area&amp;s…</source>
        <translation>隐私遮挡(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Lock</source>
        <translation>锁定(&amp;L)</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <source>Ser&amp;ver…</source>
        <translation>服务器连接(&amp;V)…</translation>
    </message>
    <message>
        <source>Another person signs &amp;in…</source>
        <translation>换人登录(&amp;I)…</translation>
    </message>
    <message>
        <source>Sign &amp;out</source>
        <translation>退出登录(&amp;O)</translation>
    </message>
    <message>
        <source>Demo: c&amp;ut the network to the server</source>
        <translation>演示：断开与服务器的网络(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Change keys…</source>
        <translation>更改按键(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Hardware decoding where it works</source>
        <translation>可用时使用硬件解码(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Save view</source>
        <translation>保存视图(&amp;S)</translation>
    </message>
    <message>
        <source>Save view &amp;as…</source>
        <translation>视图另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Rename view…</source>
        <translation>重命名视图(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Delete view</source>
        <translation>删除视图(&amp;D)</translation>
    </message>
    <message>
        <source>Save view for &amp;everybody</source>
        <translation>为所有人保存视图(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;New layout…</source>
        <translation>新建布局(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;New wall window</source>
        <translation>新建电视墙窗口(&amp;N)</translation>
    </message>
    <message>
        <source>New &amp;tour…</source>
        <translation>新建轮巡(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Keys and help</source>
        <translation>按键与帮助(&amp;K)</translation>
    </message>
    <message>
        <source>Layout {name}</source>
        <translation>布局 {name}</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>相机(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Wall</source>
        <translation>电视墙(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Evidence</source>
        <translation>证据(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>值班(&amp;L)</translation>
    </message>
    <message>
        <source>F&amp;aults</source>
        <translation>故障(&amp;A)</translation>
    </message>
    <message>
        <source>V&amp;iews</source>
        <translation>视图(&amp;I)</translation>
    </message>
    <message>
        <source>T&amp;ours</source>
        <translation>轮巡(&amp;O)</translation>
    </message>
    <message>
        <source>Or&amp;ganisation</source>
        <translation>单位(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Move to screen</source>
        <translation>移到屏幕(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Who steers this camera</source>
        <translation>相机控制权(&amp;W)</translation>
    </message>
    <message>
        <source>Win&amp;dow</source>
        <translation>窗口(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>布局(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>More</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Show fault #{number}</source>
        <translation>查看故障 #{number}</translation>
    </message>
    <message>
        <source>Open all cameras from the selected tile on</source>
        <translation>从所选窗格起打开全部相机</translation>
    </message>
    <message>
        <source>Who answers for this site…</source>
        <translation>本场所由谁负责…</translation>
    </message>
    <message>
        <source>Set up the cameras of this site…</source>
        <translation>设置该点位的相机…</translation>
    </message>
    <message numerus="yes">
        <source>Open %n camera(s) from the selected tile on</source>
        <translation>
            <numerusform>从所选画面起打开 %n 路相机</numerusform>
        </translation>
    </message>
    <message>
        <source>Open in the selected tile</source>
        <translation>在所选窗格打开</translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制编码</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>复制名称</translation>
    </message>
</context>
<context>
    <name>NewGroupDialog</name>
    <message>
        <source>New camera group</source>
        <translation>新建相机分组</translation>
    </message>
    <message>
        <source>Railway station, entrances</source>
        <translation>火车站各入口</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Other organisations see the name and how many cameras are in it, so that they can ask. They do not see which.</source>
        <translation>其他单位可看到名称和相机数量，以便申请；看不到具体是哪些。</translation>
    </message>
    <message>
        <source>Make group</source>
        <translation>新建分组</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>请填写名称。</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>NumberEntry</name>
    <message>
        <source>Tile {number}  –  Enter selects it</source>
        <translation>画面 {number}  –  按回车选择</translation>
    </message>
    <message>
        <source>{number}  –  no camera has this number</source>
        <translation>{number}  –  没有此调用号的相机</translation>
    </message>
    <message>
        <source>{number}  {name}  –  Enter opens it</source>
        <translation>{number}  {name}  –  按回车打开</translation>
    </message>
    <message>
        <source>Preset …</source>
        <translation>预置位 …</translation>
    </message>
    <message>
        <source>Preset {number}  –  the selected camera has none of this number</source>
        <translation>预置位 {number}  –  所选相机没有此编号</translation>
    </message>
    <message>
        <source>Preset {number}  {name}  –  Enter goes there</source>
        <translation>预置位 {number}  {name}  –  按回车调用</translation>
    </message>
</context>
<context>
    <name>Office</name>
    <message>
        <source>&amp;Sharing…</source>
        <translation>共享(&amp;S)…</translation>
    </message>
    <message>
        <source>Ask for a&amp;ccess…</source>
        <translation>申请访问(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Administration…</source>
        <translation>管理(&amp;A)…</translation>
    </message>
    <message>
        <source>Audit &amp;log…</source>
        <translation>审计日志(&amp;L)…</translation>
    </message>
    <message>
        <source>Change &amp;password…</source>
        <translation>更改密码(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;First administrator…</source>
        <translation>首位管理员(&amp;F)…</translation>
    </message>
    <message>
        <source>Asked. The answer is under “Sharing”, “Asked by us”.</source>
        <translation>已提交申请。结果见“共享”中的“我方申请”。</translation>
    </message>
    <message>
        <source>Shared. It is under “Administration”, “Grants”.</source>
        <translation>已共享。见“管理”中的“授权”。</translation>
    </message>
    <message>
        <source>Your password was set by somebody else: choose your own. Nothing else works before.</source>
        <translation>您的密码由他人设置：请设置自己的密码。在此之前无法使用其他功能。</translation>
    </message>
    <message>
        <source>The password is changed.</source>
        <translation>密码已更改。</translation>
    </message>
    <message>
        <source>The administrator is made. Sign in with this login.</source>
        <translation>管理员已新建。请用此登录名登录。</translation>
    </message>
    <message>
        <source>Ask for access…</source>
        <translation>申请访问…</translation>
    </message>
    <message>
        <source>Share with…</source>
        <translation>共享给…</translation>
    </message>
</context>
<context>
    <name>OpenDialog</name>
    <message>
        <source>Open incident</source>
        <translation>新建事件</translation>
    </message>
    <message>
        <source>first line of the log, if you like</source>
        <translation>第一条记录，可不填</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Noticed</source>
        <translation>发现方式</translation>
    </message>
    <message>
        <source>What is seen</source>
        <translation>所见情况</translation>
    </message>
    <message>
        <source>It gets its number when you open it, and is never deleted. Arrow keys choose, Enter opens, Esc leaves no trace.</source>
        <translation>新建时取得编号，不可删除。方向键选择，回车新建，Esc 不留痕迹。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PasswordDialog</name>
    <message>
        <source>Change password</source>
        <translation>更改密码</translation>
    </message>
    <message>
        <source>Old, or the one-time password</source>
        <translation>旧密码或一次性密码</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>New, again</source>
        <translation>再次输入新密码</translation>
    </message>
    <message>
        <source>12 characters or more; a sentence is easy to keep in mind. Your sign-ins on other consoles end.</source>
        <translation>至少 12 个字符；一句话容易记住。您在其他席位的登录随即结束。</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>The two new ones are not the same.</source>
        <translation>两次输入的新密码不一致。</translation>
    </message>
</context>
<context>
    <name>PatrolWindow</name>
    <message>
        <source>Video patrol</source>
        <translation>视频巡检</translation>
    </message>
    <message>
        <source>Patrol</source>
        <translation>巡检</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Last round</source>
        <translation>上次巡检</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>应巡时间</translation>
    </message>
    <message>
        <source>There is no patrol yet. “New…” makes one: choose cameras, how long each is shown, and when a round is due.</source>
        <translation>还没有巡检计划。点“新建…”：选择相机、每路停留时间和应巡时间。</translation>
    </message>
    <message>
        <source>Start round</source>
        <translation>开始巡检</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>新建…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Sign the result</source>
        <translation>签名提交</translation>
    </message>
    <message>
        <source>Go on later</source>
        <translation>稍后继续</translation>
    </message>
    <message>
        <source>In order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>What is wrong with the picture? Enter</source>
        <translation>画面有什么问题？回车</translation>
    </message>
    <message>
        <source>What is to be noted? Enter</source>
        <translation>备注什么？回车</translation>
    </message>
    <message>
        <source>Why is it skipped? Enter</source>
        <translation>为什么跳过？回车</translation>
    </message>
    <message>
        <source>Every camera has its verdict.</source>
        <translation>所有相机均已判定。</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>qualification</source>
        <translation>资质</translation>
    </message>
    <message>
        <source>training</source>
        <translation>培训</translation>
    </message>
    <message>
        <source>practice</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>▲ ran out {days} d ago</source>
        <translation>▲ 已过期 {days} 天</translation>
    </message>
    <message>
        <source>{days} d left</source>
        <translation>剩 {days} 天</translation>
    </message>
</context>
<context>
    <name>PeopleWindow</name>
    <message>
        <source>Qualifications and training</source>
        <translation>资质与培训</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Issued / day</source>
        <translation>签发/日期</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Standing</source>
        <translation>情况</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>By</source>
        <translation>设定人</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>学时</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>only what runs out</source>
        <translation>只看将到期的</translation>
    </message>
    <message>
        <source>Warn</source>
        <translation>提前</translation>
    </message>
    <message>
        <source>and</source>
        <translation>天和</translation>
    </message>
    <message>
        <source>days before</source>
        <translation>天提醒</translation>
    </message>
    <message>
        <source>New qualification…</source>
        <translation>新建资质…</translation>
    </message>
    <message>
        <source>New training…</source>
        <translation>新建培训…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>For the whole organisation. Every version is kept.</source>
        <translation>适用于整个单位，所有版本均保留。</translation>
    </message>
    <message>
        <source>Version {number}, {at}  {person}</source>
        <translation>版本 {number}，{at}  {person}</translation>
    </message>
    <message>
        <source>everybody</source>
        <translation>所有人</translation>
    </message>
    <message>
        <source>renewed</source>
        <translation>已换新</translation>
    </message>
    <message>
        <source>Nothing of that kind.</source>
        <translation>没有这样的记录。</translation>
    </message>
    <message>
        <source>Nothing is recorded yet. Begin with “New qualification…”: who has which licence, and until when. You are warned before it runs out.</source>
        <translation>还没有记录。先点“新建资质…”：谁持有什么证书、有效期到何时。到期前会提醒。</translation>
    </message>
    <message>
        <source>Nothing is recorded of you. A supervisor keeps these records.</source>
        <translation>没有您的记录。记录由主管维护。</translation>
    </message>
    <message>
        <source>{count} records, {late} run out soon or have</source>
        <translation>共 {count} 条，{late} 条即将或已经到期</translation>
    </message>
    <message>
        <source>“{name}” changed.</source>
        <translation>已修改“{name}”。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>“{name}” of {person} removed.</source>
        <translation>已删除 {person} 的“{name}”。</translation>
    </message>
</context>
<context>
    <name>Place</name>
    <message>
        <source>N</source>
        <translation>北</translation>
    </message>
    <message>
        <source>NE</source>
        <translation>东北</translation>
    </message>
    <message>
        <source>E</source>
        <translation>东</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>东南</translation>
    </message>
    <message>
        <source>S</source>
        <translation>南</translation>
    </message>
    <message>
        <source>SW</source>
        <translation>西南</translation>
    </message>
    <message>
        <source>W</source>
        <translation>西</translation>
    </message>
    <message>
        <source>NW</source>
        <translation>西北</translation>
    </message>
    <message>
        <source>street</source>
        <translation>街道</translation>
    </message>
    <message>
        <source>landmark</source>
        <translation>地标</translation>
    </message>
    <message>
        <source>junction</source>
        <translation>路口</translation>
    </message>
    <message>
        <source>column</source>
        <translation>灯杆</translation>
    </message>
    <message>
        <source>place</source>
        <translation>其他地点</translation>
    </message>
    <message>
        <source>site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>pole</source>
        <translation>杆位</translation>
    </message>
    <message>
        <source>organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>{n} 秒前</translation>
    </message>
    <message>
        <source>{n} min ago</source>
        <translation>{n} 分钟前</translation>
    </message>
    <message>
        <source>{n} h ago</source>
        <translation>{n} 小时前</translation>
    </message>
    <message>
        <source>{n} days ago</source>
        <translation>{n} 天前</translation>
    </message>
    <message>
        <source>looks this way</source>
        <translation>朝向此处</translation>
    </message>
    <message>
        <source>asking the camera…</source>
        <translation>正在取图…</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>无画面</translation>
    </message>
    <message>
        <source>no picture yet</source>
        <translation>暂无画面</translation>
    </message>
</context>
<context>
    <name>PlanCanvas</name>
    <message>
        <source>Plan</source>
        <translation>平面图</translation>
    </message>
    <message>
        <source>No plan of this site yet. “Load plan…” takes a picture of one: a drawing, an aerial view, a photo of the paper plan.</source>
        <translation>本场所还没有平面图。点“载入平面图…”载入图片：图纸、航拍图或纸质图的照片均可。</translation>
    </message>
    <message>
        <source>Click where the camera is.</source>
        <translation>点击相机所在位置。</translation>
    </message>
    <message>
        <source>Drag from the camera to where it looks.</source>
        <translation>从相机处拖向它所看的方向。</translation>
    </message>
</context>
<context>
    <name>PlanDialog</name>
    <message>
        <source>Patrol</source>
        <translation>巡检</translation>
    </message>
    <message>
        <source>New patrol</source>
        <translation>新建巡检</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>such as 08:30 22:00; empty: when one likes</source>
        <translation>例如 08:30 22:00；留空则随时</translation>
    </message>
    <message>
        <source>Find cameras; Enter adds the first</source>
        <translation>查找相机；回车添加第一个</translation>
    </message>
    <message>
        <source>Add  ›</source>
        <translation>添加  ›</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Each camera</source>
        <translation>每个相机</translation>
    </message>
    <message>
        <source>Due at</source>
        <translation>应巡时间</translation>
    </message>
    <message>
        <source>Drag to put in order.</source>
        <translation>拖动排序。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>(removed)</source>
        <translation>（已移除）</translation>
    </message>
    <message>
        <source>A time is like 08:30.</source>
        <translation>时间格式如 08:30。</translation>
    </message>
    <message>
        <source>Add cameras first.</source>
        <translation>请先添加相机。</translation>
    </message>
    <message>
        <source>A patrol needs a name.</source>
        <translation>巡检需要名称。</translation>
    </message>
    <message>
        <source>Place and view: {camera}</source>
        <translation>位置与视野：{camera}</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>平面图</translation>
    </message>
    <message>
        <source>&amp;Load plan…</source>
        <translation>载入平面图(&amp;L)…</translation>
    </message>
    <message>
        <source>A picture (PNG or JPEG, at most 16 MB); it belongs to the site</source>
        <translation>图片（PNG 或 JPEG，至多 16 MB）；归本场所所有</translation>
    </message>
    <message>
        <source>&amp;Remove plan</source>
        <translation>移除平面图(&amp;R)</translation>
    </message>
    <message>
        <source>(not known)</source>
        <translation>（未知）</translation>
    </message>
    <message>
        <source>other width…</source>
        <translation>其他宽度…</translation>
    </message>
    <message>
        <source>Plan is wide</source>
        <translation>图宽</translation>
    </message>
    <message>
        <source>Plan&apos;s top is</source>
        <translation>图的上方</translation>
    </message>
    <message>
        <source>Looks to</source>
        <translation>朝向</translation>
    </message>
    <message>
        <source>Sensor</source>
        <translation>传感器</translation>
    </message>
    <message>
        <source>Focal length</source>
        <translation>焦距</translation>
    </message>
    <message>
        <source>Field of view</source>
        <translation>视场角</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>安装高度</translation>
    </message>
    <message>
        <source>Tilt down</source>
        <translation>下倾角</translation>
    </message>
    <message>
        <source>1  Near mark</source>
        <translation>1  近标记</translation>
    </message>
    <message>
        <source>2  Middle mark</source>
        <translation>2  中标记</translation>
    </message>
    <message>
        <source>3  Far mark</source>
        <translation>3  远标记</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>px/m</source>
        <translation>px/m</translation>
    </message>
    <message>
        <source>Reaches</source>
        <translation>达到</translation>
    </message>
    <message>
        <source>Computed on the axis, without distortion: upper bounds. No claim of conformity with a standard.</source>
        <translation>按光轴、不计畸变计算，为上限值；不表示符合任何标准。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>This plan is not on this workstation yet.</source>
        <translation>此平面图尚不在本席位。</translation>
    </message>
    <message>
        <source>Load plan</source>
        <translation>载入平面图</translation>
    </message>
    <message>
        <source>Pictures (*.jpg *.jpeg *.png)</source>
        <translation>图片 (*.jpg *.jpeg *.png)</translation>
    </message>
    <message>
        <source>{name} is no picture that can be used (JPEG or PNG, at most 16 MB).</source>
        <translation>{name} 不是可用的图片（JPEG 或 PNG，至多 16 MB）。</translation>
    </message>
    <message>
        <source>Remove the plan “{name}” of this site for everybody?</source>
        <translation>为所有人移除本场所的平面图“{name}”？</translation>
    </message>
    <message>
        <source>Remove plan</source>
        <translation>移除平面图</translation>
    </message>
    <message>
        <source>Active width in mm (not the “inch” of its name):</source>
        <translation>有效宽度，毫米（不是型号中的“英寸”）：</translation>
    </message>
    <message>
        <source>seen from above</source>
        <translation>俯视过大</translation>
    </message>
    <message>
        <source>not in the picture</source>
        <translation>不在画面内</translation>
    </message>
    <message>
        <source>Choose sensor and focal length, or enter the field of view.</source>
        <translation>请选择传感器和焦距，或输入视场角。</translation>
    </message>
    <message>
        <source>With height and tilt, the ground that is seen is computed too.</source>
        <translation>填写高度和下倾角后，还会算出可见地面范围。</translation>
    </message>
    <message>
        <source>No ground is seen: it looks above the horizon.</source>
        <translation>看不到地面：相机朝向地平线以上。</translation>
    </message>
    <message>
        <source>Ground is seen from {near} m on, to the horizon.</source>
        <translation>地面可见自 {near} m 起，直至地平线。</translation>
    </message>
    <message>
        <source>Ground is seen from {near} m to {far} m.</source>
        <translation>地面可见范围 {near} m 至 {far} m。</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>The file is not there, or it is no file.</source>
        <translation>文件不存在，或者不是文件。</translation>
    </message>
    <message>
        <source>This user may not read the file.</source>
        <translation>当前用户无权读取此文件。</translation>
    </message>
    <message>
        <source>This is no video, or its beginning is damaged.</source>
        <translation>这不是视频文件，或者文件开头已损坏。</translation>
    </message>
    <message>
        <source>The file has no video in it.</source>
        <translation>文件中没有视频。</translation>
    </message>
    <message>
        <source>The file is damaged: no picture can be decoded.</source>
        <translation>文件已损坏：无法解码任何画面。</translation>
    </message>
    <message>
        <source>There is no video and no picture in this folder.</source>
        <translation>此文件夹中没有视频，也没有图片。</translation>
    </message>
</context>
<context>
    <name>PlayerWindow</name>
    <message>
        <source>One picture back</source>
        <translation>后退一帧</translation>
    </message>
    <message>
        <source>One picture on</source>
        <translation>前进一帧</translation>
    </message>
    <message>
        <source>10 s back</source>
        <translation>后退 10 秒</translation>
    </message>
    <message>
        <source>10 s on</source>
        <translation>前进 10 秒</translation>
    </message>
    <message>
        <source>To the beginning</source>
        <translation>跳到开头</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>跳到末尾</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>减速</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>加速</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Louder</source>
        <translation>调高音量</translation>
    </message>
    <message>
        <source>Quieter</source>
        <translation>调低音量</translation>
    </message>
    <message>
        <source>Previous file</source>
        <translation>上一个文件</translation>
    </message>
    <message>
        <source>Next file</source>
        <translation>下一个文件</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Files of the package</source>
        <translation>证据包内的文件</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>播放位置</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>播放速度</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Speed  [ slower, ] faster. Sound at {speeds}.</source>
        <translation>播放速度  [ 减速，] 加速。{speeds} 时有声音。</translation>
    </message>
    <message>
        <source>Volume  (Up, Down)</source>
        <translation>音量（上、下方向键）</translation>
    </message>
    <message>
        <source>Opening …</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>The package could not be checked.</source>
        <translation>无法校验此证据包。</translation>
    </message>
    <message>
        <source>Checking the package …</source>
        <translation>正在校验证据包…</translation>
    </message>
    <message>
        <source>A single file: nothing to check it against.</source>
        <translation>单个文件，没有可供校验的依据。</translation>
    </message>
    <message>
        <source>Not checked.</source>
        <translation>未校验。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message numerus="yes">
        <source>%n gap(s)</source>
        <translation>
            <numerusform>%n 处中断</numerusform>
        </translation>
    </message>
    <message>
        <source>Gap from {start}, {seconds} s</source>
        <translation>自 {start} 起中断 {seconds} 秒</translation>
    </message>
    <message>
        <source>Halt</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>打开声音</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Keep this picture</source>
        <translation>保存此画面</translation>
    </message>
    <message>
        <source>Pictures are kept from the client, which records the purpose.</source>
        <translation>请在客户端中保存画面：客户端会登记用途。</translation>
    </message>
    <message>
        <source>This file has no sound.</source>
        <translation>此文件没有声音。</translation>
    </message>
    <message>
        <source>libVLC is missing on this computer: pictures play without sound.</source>
        <translation>本机没有 libVLC：只播放画面，没有声音。</translation>
    </message>
    <message>
        <source>libVLC cannot play this file: no sound.</source>
        <translation>libVLC 无法播放此文件：没有声音。</translation>
    </message>
    <message>
        <source>UTC {time}, by the clock of: {clock}</source>
        <translation>UTC {time}，时钟来源：{clock}</translation>
    </message>
</context>
<context>
    <name>PracticeWindow</name>
    <message>
        <source>PRACTICE</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>PRACTICE: task cards</source>
        <translation>演练：处置卡</translation>
    </message>
    <message>
        <source>recorded pictures; nothing is entered in the registers, and nothing is sent</source>
        <translation>录像画面；不记入任何登记簿，也不上传</translation>
    </message>
    <message>
        <source>Choose a task card and press “Start”: a recording plays, and you work through the steps as if it happened now. At the end you see what was done and how long it took.</source>
        <translation>选择处置卡后点“开始”：播放录像，您按步骤处置，如同实时发生。结束后显示完成情况和用时。</translation>
    </message>
    <message>
        <source>Other recording…</source>
        <translation>其他录像…</translation>
    </message>
    <message>
        <source>Usual recording</source>
        <translation>默认录像</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Told…</source>
        <translation>通知…</translation>
    </message>
    <message>
        <source>Somebody was told  (Ctrl+U)</source>
        <translation>登记已通知的单位  (Ctrl+U)</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>Ends the practice and shows the result  (Ctrl+Shift+Enter)</source>
        <translation>结束演练并显示结果  (Ctrl+Shift+Enter)</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>What happens now? Enter writes it down.</source>
        <translation>现在发生什么？按回车记录。</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Enter as training</source>
        <translation>记为培训</translation>
    </message>
    <message>
        <source>Only this goes into your record: card, day, time, steps.</source>
        <translation>只有这些会记入您的档案：处置卡、日期、用时、步骤。</translation>
    </message>
    <message>
        <source>Another card</source>
        <translation>换一张卡</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{title}  ({count} steps)</source>
        <translation>{title}（{count} 步）</translation>
    </message>
    <message>
        <source>Recording: {name}</source>
        <translation>录像：{name}</translation>
    </message>
    <message>
        <source>Recording to practise with</source>
        <translation>选择演练用录像</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>practice</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>All steps are done: “Finish”.</source>
        <translation>全部步骤已完成：请点“结束”。</translation>
    </message>
    <message>
        <source>Next: {number}. {text}</source>
        <translation>下一步：{number}. {text}</translation>
    </message>
    <message>
        <source>{title}: {done} of {all} steps in {minutes} min {seconds} s, {lines} lines written</source>
        <translation>{title}：完成 {done}/{all} 步，用时 {minutes} 分 {seconds} 秒，记录 {lines} 条</translation>
    </message>
    <message>
        <source>not done</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>Practice: {title}</source>
        <translation>演练：{title}</translation>
    </message>
    <message>
        <source>Entered for {name}: see “Qualifications and training”.</source>
        <translation>已记入 {name} 的档案，见“资质与培训”。</translation>
    </message>
</context>
<context>
    <name>PriorityDialog</name>
    <message>
        <source>Priority of {name}</source>
        <translation>{name} 的优先级</translation>
    </message>
    <message>
        <source>Who has a higher priority may take a camera over, with a reason. By its roles an account has: supervisor 60, operator 40, commissioner 30, maintainer 20, and 30 more with cameras of its own organisation.</source>
        <translation>优先级更高者可说明原因后接管相机。按角色：主管 60、操作员 40、验收员 30、维护员 20；对本单位的相机另加 30。</translation>
    </message>
    <message>
        <source>by its roles</source>
        <translation>按角色</translation>
    </message>
    <message>
        <source>Priority (1 to 100)</source>
        <translation>优先级（1 至 100）</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>Protection</name>
    <message>
        <source>switched off by WATCHROOM_KEYRING</source>
        <translation>已由 WATCHROOM_KEYRING 关闭</translation>
    </message>
    <message>
        <source>this system has none</source>
        <translation>本系统没有密钥环</translation>
    </message>
    <message>
        <source>it did not answer in time</source>
        <translation>密钥环未及时响应</translation>
    </message>
    <message>
        <source>it could not be used</source>
        <translation>密钥环无法使用</translation>
    </message>
    <message>
        <source>the package sqlcipher3 is missing</source>
        <translation>缺少 sqlcipher3 软件包</translation>
    </message>
    <message>
        <source>the file was in use or the disk full; it is tried again at the next start</source>
        <translation>文件正被占用或磁盘已满；下次启动时再试</translation>
    </message>
    <message>
        <source>{name} is not one of those that are trusted</source>
        <translation>{name} 不在可信密钥环之列</translation>
    </message>
    <message>
        <source>The cache on this computer is not encrypted: {reason}.</source>
        <translation>本机缓存未加密：{reason}。</translation>
    </message>
    <message>
        <source>The cache on this computer is not protected by the system&apos;s keyring: {reason}. It is encrypted with a key in a file that only your account can read.</source>
        <translation>本机缓存未受系统密钥环保护：{reason}。缓存已加密，密钥存放在仅您的账户可读取的文件中。</translation>
    </message>
    <message>
        <source>The cache on this computer is encrypted, with a key in the system&apos;s keyring.</source>
        <translation>本机缓存已加密，密钥保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>Older copies beside it are not encrypted: {names}.</source>
        <translation>同一文件夹中的旧副本未加密：{names}。</translation>
    </message>
    <message>
        <source>The cache that could not be read is kept as {name}. Everything is loaded anew from the server.</source>
        <translation>无法读取的缓存已保留为 {name}，所有数据将从服务器重新加载。</translation>
    </message>
    <message>
        <source>The data on this computer are being encrypted. This is done once.</source>
        <translation>正在加密本机数据，仅需一次。</translation>
    </message>
    <message>
        <source>The data on this computer are encrypted, and their key is not here.</source>
        <translation>本机数据已加密，但找不到密钥。</translation>
    </message>
    <message>
        <source>The key is in the keyring of the account that used Watchroom here before. Unlock that keyring, then try again.

Or set these data aside and begin with an empty cache: cameras are loaded anew from the server. Nothing is deleted. Entries that were not yet sent stay in the file that is set aside.</source>
        <translation>密钥保存在此前在本机使用 Watchroom 的账户的密钥环中。请解锁该密钥环后重试。

也可以将这些数据另行保留，以空缓存开始：相机将从服务器重新加载。不会删除任何内容；尚未发送的记录留在被保留的文件中。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Set aside, load anew</source>
        <translation>保留旧数据，重新加载</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>PtzPanel</name>
    <message>
        <source>Zoom</source>
        <translation>变倍</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预置位</translation>
    </message>
    <message>
        <source>Stop now, whatever the camera does</source>
        <translation>无论相机在做什么，立即停止</translation>
    </message>
    <message>
        <source>Emergency stop</source>
        <translation>紧急停止</translation>
    </message>
    <message>
        <source>Up left</source>
        <translation>左上</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上</translation>
    </message>
    <message>
        <source>Up right</source>
        <translation>右上</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>Down left</source>
        <translation>左下</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下</translation>
    </message>
    <message>
        <source>Down right</source>
        <translation>右下</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>拉近</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>拉远</translation>
    </message>
    <message>
        <source>{name}{key}: held, the camera moves</source>
        <translation>{name}{key}：按住时相机转动</translation>
    </message>
    <message>
        <source>Go to preset</source>
        <translation>调用预置位</translation>
    </message>
    <message>
        <source>New preset…</source>
        <translation>新建预置位…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Go home</source>
        <translation>回看守位</translation>
    </message>
    <message>
        <source>Set home…</source>
        <translation>设看守位…</translation>
    </message>
    <message>
        <source>No camera selected</source>
        <translation>未选择相机</translation>
    </message>
    <message>
        <source>Select a tile with a PTZ camera.</source>
        <translation>请选择带云台相机的窗格。</translation>
    </message>
    <message>
        <source>This camera does not turn.</source>
        <translation>此相机没有云台。</translation>
    </message>
    <message>
        <source>When nobody steers it any more</source>
        <translation>无人控制后</translation>
    </message>
    <message>
        <source>It stays where it is</source>
        <translation>停在当前位置</translation>
    </message>
    <message>
        <source>It goes home</source>
        <translation>回到原位</translation>
    </message>
    <message>
        <source>It makes its own patrol: {name}</source>
        <translation>执行自身巡航：{name}</translation>
    </message>
    <message>
        <source>It goes to “{name}”</source>
        <translation>转到“{name}”</translation>
    </message>
    <message>
        <source>this camera does not tell how much it sees and is aimed roughly: click again.</source>
        <translation>此相机不告知视场大小，只能粗略对准：请再次单击。</translation>
    </message>
    <message>
        <source>STILL MOVING? The camera has not answered the stop. Press ■ again.</source>
        <translation>仍在转动？相机没有应答停止命令，请再按 ■。</translation>
    </message>
    <message>
        <source>standing</source>
        <translation>静止</translation>
    </message>
    <message>
        <source>moving</source>
        <translation>转动中</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>stopped; this camera does not tell whether it stands</source>
        <translation>已停止；此相机不报告是否静止</translation>
    </message>
    <message>
        <source>STILL MOVING after the stop! Press ■ again.</source>
        <translation>停止后仍在转动！请再按 ■。</translation>
    </message>
    <message>
        <source>no answer from the camera: {reason}</source>
        <translation>相机无应答：{reason}</translation>
    </message>
    <message>
        <source>None yet: aim the camera, then “New preset…”.</source>
        <translation>尚无：先对准画面，再点“新建预置位…”。</translation>
    </message>
    <message>
        <source>New preset</source>
        <translation>新建预置位</translation>
    </message>
    <message>
        <source>Name of the present position:</source>
        <translation>当前位置的名称：</translation>
    </message>
    <message>
        <source>New name. The camera goes to this preset first, because ONVIF can only
store a name together with a position:</source>
        <translation>新名称。相机会先转到此预置位，因为 ONVIF 只能
把名称和位置一起保存：</translation>
    </message>
    <message>
        <source>Rename preset</source>
        <translation>重命名预置位</translation>
    </message>
    <message>
        <source>Delete the preset “{name}” from the camera? This cannot be undone.</source>
        <translation>从相机中删除预置位“{name}”？此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete preset</source>
        <translation>删除预置位</translation>
    </message>
    <message>
        <source>Make the present position the home position of this camera?</source>
        <translation>把当前位置设为此相机的看守位？</translation>
    </message>
    <message>
        <source>Set home</source>
        <translation>设看守位</translation>
    </message>
</context>
<context>
    <name>PutUnderDialog</name>
    <message>
        <source>Where do they belong?</source>
        <translation>归属于哪个单位？</translation>
    </message>
    <message>
        <source>This console has organisations that the server does not know. Choose where they belong; their places and cameras are sent after that. Until then nothing is sent, and nothing is lost.</source>
        <translation>本席位有服务器尚不知道的单位。请选择其归属，之后再发送其场所和相机。在此之前不会发送任何内容，也不会丢失任何内容。</translation>
    </message>
    <message>
        <source>Find an organisation</source>
        <translation>查找单位</translation>
    </message>
    <message>
        <source>Organisations of the server</source>
        <translation>服务器上的单位</translation>
    </message>
    <message>
        <source>as organisations below it</source>
        <translation>作为其下级单位</translation>
    </message>
    <message>
        <source>it is the same one: put their places directly in it</source>
        <translation>就是同一单位：将其场所直接归入该单位</translation>
    </message>
    <message>
        <source>An administrator of your organisation may do this: have one sign in here.</source>
        <translation>作为下级单位需由本单位管理员操作：请管理员在此登录。</translation>
    </message>
    <message>
        <source>Put them there and send</source>
        <translation>归入并发送</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>稍后</translation>
    </message>
    <message>
        <source>The server&apos;s organisations have not arrived yet. Try again in a moment.</source>
        <translation>服务器的单位尚未到达，请稍后再试。</translation>
    </message>
</context>
<context>
    <name>RecordDialog</name>
    <message>
        <source>Qualification</source>
        <translation>资质</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>培训</translation>
    </message>
    <message>
        <source>on</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>runs out on</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Issued</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Issued by</source>
        <translation>签发单位</translation>
    </message>
    <message>
        <source>such as: CCTV operator licence</source>
        <translation>例如：视频监控操作员证</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>学时</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>To be repeated</source>
        <translation>须复训</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>举办方</translation>
    </message>
    <message>
        <source>such as: incident procedures</source>
        <translation>例如：事件处置流程</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Whose is it?</source>
        <translation>是谁的？</translation>
    </message>
    <message>
        <source>What is it called?</source>
        <translation>名称是什么？</translation>
    </message>
    <message>
        <source>It runs out before it is issued.</source>
        <translation>有效期早于签发日期。</translation>
    </message>
</context>
<context>
    <name>RegisterDialog</name>
    <message>
        <source>Register of retrievals: {console}</source>
        <translation>调取登记：{console}</translation>
    </message>
    <message>
        <source>Search camera, person, case or date</source>
        <translation>搜索相机、人员、案由或日期</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Pictures of</source>
        <translation>图像时间</translation>
    </message>
    <message>
        <source>Case and purpose</source>
        <translation>案由与用途</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Save as table…</source>
        <translation>另存为表格…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The chain is broken at No. {number}: an entry was changed, moved or removed there.</source>
        <translation>校验链在编号 {number} 处中断：该处有条目被更改、移动或删除。</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies), gap-free, and the chain of hashes holds.</source>
        <translation>
            <numerusform>共 %n 条，编号连续，哈希链完整。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was taken on this console yet: S takes a snapshot, R and E a clip.</source>
        <translation>本席位尚无调取记录：按 S 抓图，按 R 再按 E 导出片段。</translation>
    </message>
    <message>
        <source>snapshot</source>
        <translation>抓图</translation>
    </message>
    <message>
        <source>clip</source>
        <translation>片段</translation>
    </message>
    <message>
        <source>playback</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>result of {number}</source>
        <translation>编号 {number} 的结果</translation>
    </message>
    <message>
        <source>unmasked</source>
        <translation>无遮挡</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Save as table</source>
        <translation>另存为表格</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>RegisterWindow</name>
    <message>
        <source>Retrievals</source>
        <translation>调用登记</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>导出登记</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>事件登记</translation>
    </message>
    <message>
        <source>Shifts</source>
        <translation>值班登记</translation>
    </message>
    <message>
        <source>Patrols</source>
        <translation>巡检登记</translation>
    </message>
    <message>
        <source>On-site inspections</source>
        <translation>现场巡检</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Second person</source>
        <translation>第二人</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>事由</translation>
    </message>
    <message>
        <source>Basis</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Package</source>
        <translation>证据包</translation>
    </message>
    <message>
        <source>Handed over</source>
        <translation>移交时间</translation>
    </message>
    <message>
        <source>Receiver</source>
        <translation>接收人</translation>
    </message>
    <message>
        <source>Receiver&apos;s unit</source>
        <translation>接收单位</translation>
    </message>
    <message>
        <source>Legal basis of the receiver</source>
        <translation>接收方法律依据</translation>
    </message>
    <message>
        <source>Receiver&apos;s purpose</source>
        <translation>接收方用途</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>载体</translation>
    </message>
    <message>
        <source>Back by</source>
        <translation>归还期限</translation>
    </message>
    <message>
        <source>Returned or destroyed</source>
        <translation>归还或销毁</translation>
    </message>
    <message>
        <source>snapshot</source>
        <translation>抓拍</translation>
    </message>
    <message>
        <source>clip</source>
        <translation>录像片段</translation>
    </message>
    <message>
        <source>playback</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Noticed at</source>
        <translation>发现时间</translation>
    </message>
    <message>
        <source>Noticed by</source>
        <translation>发现方式</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Opened by</source>
        <translation>登记人</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>记录数</translation>
    </message>
    <message>
        <source>Told</source>
        <translation>已通知</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Closed at</source>
        <translation>结束时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Staff</source>
        <translation>值班人员</translation>
    </message>
    <message>
        <source>Equipment</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Logs and registers</source>
        <translation>日志与登记簿</translation>
    </message>
    <message>
        <source>Handed over by</source>
        <translation>交班人</translation>
    </message>
    <message>
        <source>Taken over by</source>
        <translation>接班人</translation>
    </message>
    <message>
        <source>Countersigned by</source>
        <translation>会签人</translation>
    </message>
    <message>
        <source>Patrol</source>
        <translation>巡检</translation>
    </message>
    <message>
        <source>In order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Signed by</source>
        <translation>签名人</translation>
    </message>
    <message>
        <source>Last month</source>
        <translation>上个月</translation>
    </message>
    <message>
        <source>Camera: name, number or code</source>
        <translation>相机：名称、编号或编码</translation>
    </message>
    <message>
        <source>Person: whole name</source>
        <translation>人员：全名</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>关键词</translation>
    </message>
    <message>
        <source>Handed over…</source>
        <translation>移交…</translation>
    </message>
    <message>
        <source>Enters to whom the chosen export goes, and on what.</source>
        <translation>登记所选导出资料交给谁、用什么载体。</translation>
    </message>
    <message>
        <source>Returned or destroyed…</source>
        <translation>归还或销毁…</translation>
    </message>
    <message>
        <source>Enters that the chosen export came back or is no more.</source>
        <translation>登记所选导出资料已归还或已销毁。</translation>
    </message>
    <message>
        <source>Check the chains</source>
        <translation>校验链条</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>存为 PDF…</translation>
    </message>
    <message>
        <source>Save as spreadsheet…</source>
        <translation>存为电子表格…</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies)</source>
        <translation>
            <numerusform>%n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>the newest 5000</source>
        <translation>最新 5000 条</translation>
    </message>
    <message>
        <source>Nothing was entered from {since} to {until} that is like this. Choose a longer period, or empty the fields above.</source>
        <translation>{since} 至 {until} 没有符合条件的登记。请放宽时间，或清空上方条件。</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在校验…</translation>
    </message>
    <message>
        <source>Broken: {where}. An entry was changed, moved or removed there.</source>
        <translation>链条断裂：{where}。该处记录被修改、移动或删除。</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies), gap-free, and the chains hold.</source>
        <translation>
            <numerusform>%n 条记录，编号连续，哈希链完整。</numerusform>
        </translation>
    </message>
    <message>
        <source>This export was made on {console}: enter it there.</source>
        <translation>该资料由席位 {console} 导出，请在该席位登记。</translation>
    </message>
    <message>
        <source>Save register</source>
        <translation>保存登记簿</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>RemarksDialog</name>
    <message>
        <source>Send back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Write what is to be done beside each item that is to be done again.</source>
        <translation>在需要重做的各项旁写明要做什么。</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>要求</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ReplaceDialog</name>
    <message>
        <source>Replace device</source>
        <translation>更换设备</translation>
    </message>
    <message>
        <source>The old device ends on this day as dismantled and stays in the history. Camera, code and position stay. The new device&apos;s password must be entered again.</source>
        <translation>旧设备自当日起记为拆除并保留在历史中。相机、编码和点位不变。新设备的密码需重新填写。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>5 seconds back  (Left)</source>
        <translation>后退 5 秒 （←）</translation>
    </message>
    <message>
        <source>One picture back  (,)</source>
        <translation>后退一帧 （,）</translation>
    </message>
    <message>
        <source>Pause or play  (Space)</source>
        <translation>暂停或播放 （空格）</translation>
    </message>
    <message>
        <source>One picture on  (.)</source>
        <translation>前进一帧 （.）</translation>
    </message>
    <message>
        <source>Speed: click for faster  (J slower, L faster)</source>
        <translation>速度：单击加快 （J 减慢，L 加快）</translation>
    </message>
    <message>
        <source>Mark in: the clip begins here  ([)</source>
        <translation>入点：片段从此开始 （[）</translation>
    </message>
    <message>
        <source>Mark out: the clip ends here  (])</source>
        <translation>出点：片段到此结束 （]）</translation>
    </message>
    <message>
        <source>Snapshot of this picture  (S)</source>
        <translation>抓取此画面 （S）</translation>
    </message>
    <message>
        <source>Export the clip…  (E)</source>
        <translation>导出片段… （E）</translation>
    </message>
    <message>
        <source>Back to live  (R or Esc)</source>
        <translation>返回实时 （R 或 Esc）</translation>
    </message>
    <message>
        <source>● Live</source>
        <translation>● 实时</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Opened by</source>
        <translation>登记人</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>correction</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>Units told</source>
        <translation>已通知单位</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Package</source>
        <translation>证据包</translation>
    </message>
    <message>
        <source>Last entry: No. {number} of {console}, SHA-256 {hash}</source>
        <translation>最后一条：{console} 第 {number} 条，SHA-256 {hash}</translation>
    </message>
    <message>
        <source>in order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>FAULT</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>无此项</translation>
    </message>
    <message>
        <source>On-site inspection</source>
        <translation>现场巡检</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>Signed by</source>
        <translation>签字人</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Signed as entry No. {number} of {console}, SHA-256 {hash}</source>
        <translation>签字记录：席位 {console} 第 {number} 条，SHA-256 {hash}</translation>
    </message>
    <message>
        <source>Handover of shift</source>
        <translation>交接班记录</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Staff</source>
        <translation>值班人员</translation>
    </message>
    <message>
        <source>About</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>阅读时间</translation>
    </message>
    <message>
        <source>Handed over by</source>
        <translation>交班人</translation>
    </message>
    <message>
        <source>Taken over by</source>
        <translation>接班人</translation>
    </message>
    <message>
        <source>with PIN</source>
        <translation>PIN 确认</translation>
    </message>
    <message>
        <source>Countersigned by</source>
        <translation>会签人</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Report a fault: {camera}</source>
        <translation>上报故障：{camera}</translation>
    </message>
    <message>
        <source>The picture as it is now goes with the report.</source>
        <translation>当前画面随报告一同提交。</translation>
    </message>
    <message>
        <source>Other…</source>
        <translation>其他…</translation>
    </message>
    <message>
        <source>More, if there is more to say</source>
        <translation>补充说明（可不填）</translation>
    </message>
    <message>
        <source>P1 is the most urgent. The usual one is chosen.</source>
        <translation>P1 最紧急。已选常用级别。</translation>
    </message>
    <message>
        <source>Add &amp;photo…</source>
        <translation>添加照片(&amp;P)…</translation>
    </message>
    <message numerus="yes">
        <source>S   The whole site: %n more camera(s) are gone too</source>
        <translation>
            <numerusform>S   整个场所：另有 %n 台相机也已中断</numerusform>
        </translation>
    </message>
    <message>
        <source>Report  (Enter)</source>
        <translation>上报（回车）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>last picture {time}</source>
        <translation>最后画面 {time}</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>所属单位</translation>
    </message>
    <message>
        <source>Responsible</source>
        <translation>责任单位</translation>
    </message>
    <message>
        <source>Maintainer</source>
        <translation>维护单位</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Reported by</source>
        <translation>上报人</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>常用</translation>
    </message>
    <message>
        <source>{priority} (usual)</source>
        <translation>{priority}（常用）</translation>
    </message>
    <message>
        <source>◢ {number} is open ({state}, {category}). Your report joins it.</source>
        <translation>◢ {number} 尚未关闭（{state}，{category}）。本次上报将并入该工单。</translation>
    </message>
    <message>
        <source>Add photos</source>
        <translation>添加照片</translation>
    </message>
    <message>
        <source>Pictures (*.jpg *.jpeg *.png *.webp)</source>
        <translation>图片 (*.jpg *.jpeg *.png *.webp)</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>A photo could not be read, or is larger than 20 MB.</source>
        <translation>照片无法读取，或大于 20 MB。</translation>
    </message>
    <message>
        <source>Choose what is wrong first: press its digit.</source>
        <translation>请先选择故障类型：按对应数字键。</translation>
    </message>
</context>
<context>
    <name>RulesDialog</name>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>h</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>Time limits of faults</source>
        <translation>故障时限</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>&amp;Limits</source>
        <translation>时限(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Working hours</source>
        <translation>工作时间(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Categories</source>
        <translation>类别(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;History</source>
        <translation>历史(&amp;H)</translation>
    </message>
    <message>
        <source>Why it changes, for the history</source>
        <translation>修改原因（记入历史）</translation>
    </message>
    <message>
        <source>New tickets take the new version. Those that are open keep theirs, until their priority is changed or they are opened again.</source>
        <translation>新工单按新版本计时。未结工单仍按原版本，直到更改优先级或重新打开。</translation>
    </message>
    <message>
        <source>&amp;Save as a new version</source>
        <translation>存为新版本(&amp;S)</translation>
    </message>
    <message>
        <source>Nothing is overwritten: the versions before stay (Ctrl+S)</source>
        <translation>不会覆盖：以前的版本都保留（Ctrl+S）</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Accept within</source>
        <translation>接单时限</translation>
    </message>
    <message>
        <source>On site within</source>
        <translation>到场时限</translation>
    </message>
    <message>
        <source>Restore within</source>
        <translation>恢复时限</translation>
    </message>
    <message>
        <source>Tell above at</source>
        <translation>上报时点</translation>
    </message>
    <message>
        <source>The clock counts</source>
        <translation>计时方式</translation>
    </message>
    <message>
        <source>Of the time that is given. 0 %: at once; 100 %: when it is over</source>
        <translation>占给定时限的比例。0%：立即；100%：到期时</translation>
    </message>
    <message>
        <source>all hours</source>
        <translation>全天</translation>
    </message>
    <message>
        <source>working hours</source>
        <translation>工作时间</translation>
    </message>
    <message>
        <source> days</source>
        <translation> 天</translation>
    </message>
    <message>
        <source>The wall must see the picture before it counts as back</source>
        <translation>电视墙须连续看到画面多久才算恢复</translation>
    </message>
    <message>
        <source>A closed ticket can be opened again for</source>
        <translation>已关闭工单可重新打开的期限</translation>
    </message>
    <message>
        <source>P1 is the most urgent. A day of working hours has as many hours as Monday.</source>
        <translation>P1 最紧急。按工作时间计的一天与周一的工时相同。</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message>
        <source>Holidays: a day a line, or the first and the last</source>
        <translation>节假日：每行一天，或起止日期</translation>
    </message>
    <message>
        <source>Weekends that are worked, with the hours of Monday</source>
        <translation>调休上班的周末，按周一工时</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Priority here</source>
        <translation>本单位优先级</translation>
    </message>
    <message>
        <source>{priority}, less for lower point classes</source>
        <translation>{priority}，低类别点位降低</translation>
    </message>
    <message>
        <source>{priority} always</source>
        <translation>一律 {priority}</translation>
    </message>
    <message>
        <source>From</source>
        <translation>生效时间</translation>
    </message>
    <message>
        <source>By</source>
        <translation>设定人</translation>
    </message>
    <message>
        <source>Open tickets</source>
        <translation>未结工单</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>S&amp;how this version</source>
        <translation>查看此版本(&amp;H)</translation>
    </message>
    <message>
        <source>Saving it makes it the newest</source>
        <translation>保存后即成为最新版本</translation>
    </message>
    <message>
        <source>For administrators of this organisation and those above; without a server, for supervisors</source>
        <translation>由本单位及上级单位的管理员设定；未连接服务器时由值班长设定</translation>
    </message>
    <message>
        <source>You may read them: {why}</source>
        <translation>您只能查看：{why}</translation>
    </message>
    <message>
        <source>The defaults hold: nobody has set limits here.</source>
        <translation>当前为默认时限：尚无人设定。</translation>
    </message>
    <message>
        <source>Version of {time}, by {person}</source>
        <translation>{time} 的版本，{person} 设定</translation>
    </message>
    <message>
        <source>The limits of an organisation above hold here.</source>
        <translation>当前沿用上级单位的时限。</translation>
    </message>
    <message>
        <source>No version of its own yet. Change the limits and save: that is the first.</source>
        <translation>本单位还没有自己的版本。修改时限并保存，即为第一个版本。</translation>
    </message>
    <message>
        <source>You see the version of {time}.</source>
        <translation>正在查看 {time} 的版本。</translation>
    </message>
    <message>
        <source>{priority}: every step needs some time.</source>
        <translation>{priority}：每一步都要有时间。</translation>
    </message>
    <message>
        <source>{priority}: acceptance comes before arrival, arrival before repair.</source>
        <translation>{priority}：接单先于到场，到场先于修复。</translation>
    </message>
    <message>
        <source>{priority}: a share is between 0 and 100 %.</source>
        <translation>{priority}：比例应在 0 到 100% 之间。</translation>
    </message>
    <message>
        <source>{priority} is less urgent than the one before, but has less time.</source>
        <translation>{priority} 比上一级不紧急，时限却更短。</translation>
    </message>
    <message>
        <source>The picture must be seen for 1 to 600 s.</source>
        <translation>画面须连续 1 至 600 秒。</translation>
    </message>
    <message>
        <source>Opened again: within 0 to 365 days.</source>
        <translation>重新打开：0 至 365 天内。</translation>
    </message>
    <message>
        <source>{day}: write hours like 08:30-12:00, 13:30-18:00.</source>
        <translation>{day}：请按 08:30-12:00, 13:30-18:00 的格式填写。</translation>
    </message>
    <message>
        <source>“{text}” is no day: write 2026-10-01, or 2026-10-01..2026-10-07.</source>
        <translation>“{text}”不是日期：请写 2026-10-01 或 2026-10-01..2026-10-07。</translation>
    </message>
    <message>
        <source>These working hours make no sense: spans overlap, Monday has none though weekends are worked, or the time zone is unknown.</source>
        <translation>工作时间有误：时段重叠、周一无工时却有调休，或时区未知。</translation>
    </message>
    <message>
        <source>Saved. It holds for tickets from now on.</source>
        <translation>已保存，对今后的工单生效。</translation>
    </message>
</context>
<context>
    <name>SecondPersonDialog</name>
    <message>
        <source>Second person</source>
        <translation>第二人确认</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN 码</translation>
    </message>
    <message>
        <source>No other supervisor with a PIN is known here. Add one in Settings.</source>
        <translation>此处没有其他设有 PIN 码的主管。请在设置中添加。</translation>
    </message>
    <message numerus="yes">
        <source>Wait %n second(s) before the next try.</source>
        <translation>
            <numerusform>请等待 %n 秒后再试。</numerusform>
        </translation>
    </message>
    <message>
        <source>This PIN is wrong.</source>
        <translation>PIN 码错误。</translation>
    </message>
</context>
<context>
    <name>Server</name>
    <message>
        <source>The server does not prove to be the one that this console was connected with, so nothing was sent to it. If its certificate was renewed, compare the new one under “Server…”; otherwise tell the administrator.</source>
        <translation>无法确认这是本席位原来连接的服务器，因此没有向它发送任何内容。如果服务器更换了证书，请在“服务器…”中核对新证书；否则请通知管理员。</translation>
    </message>
    <message>
        <source>The server does not answer. Check the address, the network cable and that the server runs, then try again. ({reason})</source>
        <translation>服务器没有应答。请检查地址、网线以及服务器是否在运行，然后重试。（{reason}）</translation>
    </message>
    <message>
        <source>Passwords cannot be kept on this computer: {reason}</source>
        <translation>本机无法保存密码：{reason}</translation>
    </message>
    <message>
        <source>The name or the password is wrong.</source>
        <translation>用户名或密码不正确。</translation>
    </message>
    <message>
        <source>This code is wrong, used or expired. Ask the administrator for a new one: it serves once, within the hour.</source>
        <translation>此注册码错误、已使用或已过期。请向管理员索取新的注册码：一小时内有效，只能使用一次。</translation>
    </message>
    <message>
        <source>This console is no longer enrolled at the server. Ask the administrator for a code and connect it again under “Server…”.</source>
        <translation>本席位已不在服务器的注册名单中。请向管理员索取注册码，并在“服务器…”中重新连接。</translation>
    </message>
    <message>
        <source>The server does not answer, and this person has not signed in on this console before. Somebody who has can sign in.</source>
        <translation>服务器没有应答，而此人从未在本席位登录过。曾在此登录过的人可以登录。</translation>
    </message>
    <message>
        <source>The server does not answer, and it has not confirmed this account for too long. Sign in once it answers.</source>
        <translation>服务器没有应答，且太久没有确认此账号。请在服务器恢复后登录。</translation>
    </message>
    <message>
        <source>This is no address of a server. It looks like this: server.city.cn:8443</source>
        <translation>这不是服务器地址。地址形如：server.city.cn:8443</translation>
    </message>
    <message>
        <source>Passwords would cross the network in clear text: the address must begin with https.</source>
        <translation>密码将以明文经过网络：地址必须以 https 开头。</translation>
    </message>
    <message>
        <source>The file holds no certificate (PEM).</source>
        <translation>文件中没有证书（PEM）。</translation>
    </message>
    <message>
        <source>Too many requests. Wait a moment, then try again.</source>
        <translation>请求过于频繁。请稍等片刻再试。</translation>
    </message>
    <message>
        <source>Too many wrong passwords. The next try is possible in {seconds} s.</source>
        <translation>密码错误次数过多。{seconds} 秒后才能再试。</translation>
    </message>
    <message>
        <source>The server refused: {reason}</source>
        <translation>服务器拒绝：{reason}</translation>
    </message>
</context>
<context>
    <name>ServerDesk</name>
    <message>
        <source>{name} is signed in without the server, which does not answer. What you enter is kept and sent later. This works until {until}.</source>
        <translation>{name} 已离线登录：服务器没有应答。录入的内容会保留，稍后发送。离线登录有效至 {until}。</translation>
    </message>
    <message>
        <source>{name} is signed in without the server: it does not prove to be the right one. Tell the administrator. This works until {until}.</source>
        <translation>{name} 已离线登录：无法确认服务器的身份。请通知管理员。离线登录有效至 {until}。</translation>
    </message>
    <message>
        <source>The server has ended this sign-in. Sign in again; what you entered is kept.</source>
        <translation>服务器已结束此次登录。请重新登录；您录入的内容已保留。</translation>
    </message>
    <message>
        <source>offline sign-in</source>
        <translation>离线登录</translation>
    </message>
    <message>
        <source>Signed in at the server as {login}</source>
        <translation>已登录服务器，账号 {login}</translation>
    </message>
</context>
<context>
    <name>ServerDialog</name>
    <message>
        <source>Central server</source>
        <translation>中心服务器</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Fingerprint of the certificate</source>
        <translation>证书指纹</translation>
    </message>
    <message>
        <source>Nobody that this computer trusts vouches for this server. Compare the fingerprint of its certificate with the one that the administrator gives you (by telephone or on paper, not from here):</source>
        <translation>本机信任的机构均未为此服务器担保。请将下面的证书指纹与管理员提供的指纹核对（通过电话或书面获得，不能从这里抄录）：</translation>
    </message>
    <message>
        <source>I compared all of it: it is the same</source>
        <translation>我已逐字核对：完全一致</translation>
    </message>
    <message>
        <source>{subject}, issued by {issuer}, valid until {date}. ({why})</source>
        <translation>{subject}，颁发者 {issuer}，有效期至 {date}。（{why}）</translation>
    </message>
    <message>
        <source>server.city.cn:8443</source>
        <translation>server.city.cn:8443</translation>
    </message>
    <message>
        <source>from the administrator, serves once within the hour</source>
        <translation>由管理员提供，一小时内有效，只能用一次</translation>
    </message>
    <message>
        <source>those of this computer</source>
        <translation>本机信任的机构</translation>
    </message>
    <message>
        <source>Own authority…</source>
        <translation>自有颁发机构…</translation>
    </message>
    <message>
        <source>Certificates (PEM) of your organisation&apos;s own authority</source>
        <translation>本单位自有颁发机构的证书（PEM）</translation>
    </message>
    <message>
        <source>With a server, several consoles share cameras, views and entries, and people sign in with their accounts. The network may fail for days: work goes on.</source>
        <translation>连接服务器后，多个席位共享相机、视图和录入内容，人员用自己的账号登录。网络中断数日也不影响工作。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Enrolment code</source>
        <translation>注册码</translation>
    </message>
    <message>
        <source>Name of this console</source>
        <translation>本席位名称</translation>
    </message>
    <message>
        <source>Authorities</source>
        <translation>信任的颁发机构</translation>
    </message>
    <message>
        <source>Trust and connect</source>
        <translation>信任并连接</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Own authority</source>
        <translation>自有颁发机构</translation>
    </message>
    <message>
        <source>Looking for the server…</source>
        <translation>正在查找服务器…</translation>
    </message>
    <message>
        <source>Enrolling this console…</source>
        <translation>正在注册本席位…</translation>
    </message>
    <message>
        <source>verified by this computer&apos;s authorities</source>
        <translation>由本机信任的机构验证</translation>
    </message>
    <message>
        <source>the one that was compared: {start}…</source>
        <translation>经人工核对：{start}…</translation>
    </message>
    <message>
        <source>verified by your own authority</source>
        <translation>由自有颁发机构验证</translation>
    </message>
    <message>
        <source>none: on this computer</source>
        <translation>无：在本机上</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>{name} (without the server)</source>
        <translation>{name}（离线）</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>This console</source>
        <translation>本席位</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>已登录</translation>
    </message>
    <message>
        <source>Synchronisation</source>
        <translation>同步</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Check the certificate</source>
        <translation>检查证书</translation>
    </message>
    <message>
        <source>Say where they belong…</source>
        <translation>指定归属…</translation>
    </message>
    <message>
        <source>Disconnect…</source>
        <translation>断开连接…</translation>
    </message>
    <message>
        <source>The certificate is the right one.</source>
        <translation>证书正确。</translation>
    </message>
    <message>
        <source>Trust this one from now on</source>
        <translation>今后信任此证书</translation>
    </message>
    <message>
        <source>Work without the server from now on? To connect again, a new enrolment code is needed.</source>
        <translation>今后不再使用服务器？再次连接需要新的注册码。</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies) have not been sent: they are kept, and sent when this console is connected with this server again.</source>
        <translation>
            <numerusform>有 %n 条录入尚未发送：它们会保留，在本席位重新连接此服务器后发送。</numerusform>
        </translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>断开连接</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Who is signed in at the server</source>
        <translation>已在服务器登录的人员</translation>
    </message>
    <message>
        <source>Operator, console and time over the pictures</source>
        <translation>在画面上显示操作员、席位和时间</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source> min without input</source>
        <translation> 分钟无操作</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>PIN, at least 4 characters</source>
        <translation>PIN 码，至少 4 位</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>Add or change</source>
        <translation>添加或更改</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The lock needs at least one person with a PIN. Supervisors may confirm what needs a second person.</source>
        <translation>锁定功能至少需要一名设有 PIN 码的人员。主管可确认须由第二人确认的事项。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>Watermark</source>
        <translation>水印</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>自动锁定</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>no PIN</source>
        <translation>无 PIN 码</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>必须填写姓名。</translation>
    </message>
    <message>
        <source>A PIN has at least 4 characters.</source>
        <translation>PIN 码至少 4 位。</translation>
    </message>
</context>
<context>
    <name>Setup</name>
    <message>
        <source>Main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>Substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>codec</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>picture size</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>frame rate</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>bit rate</source>
        <translation>码率</translation>
    </message>
    <message>
        <source>key frame every</source>
        <translation>关键帧间隔</translation>
    </message>
    <message>
        <source>{stream}: {what}</source>
        <translation>{stream}：{what}</translation>
    </message>
    <message>
        <source>Time servers</source>
        <translation>时间服务器</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message>
        <source>Clock is set by</source>
        <translation>校时方式</translation>
    </message>
    <message>
        <source>Clock is off by</source>
        <translation>时钟偏差</translation>
    </message>
    <message>
        <source>Host name</source>
        <translation>主机名</translation>
    </message>
    <message>
        <source>Name in the camera</source>
        <translation>相机内名称</translation>
    </message>
    <message>
        <source>Text on the picture</source>
        <translation>画面文字</translation>
    </message>
    <message>
        <source>Place of the text</source>
        <translation>文字位置</translation>
    </message>
    <message>
        <source>Place of date and time</source>
        <translation>日期时间位置</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>top left</source>
        <translation>左上</translation>
    </message>
    <message>
        <source>top right</source>
        <translation>右上</translation>
    </message>
    <message>
        <source>bottom left</source>
        <translation>左下</translation>
    </message>
    <message>
        <source>bottom right</source>
        <translation>右下</translation>
    </message>
    <message>
        <source>elsewhere</source>
        <translation>其他位置</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{number} pictures a second</source>
        <translation>{number} 帧/秒</translation>
    </message>
    <message>
        <source>{number} kbit/s</source>
        <translation>{number} kbit/s</translation>
    </message>
    <message>
        <source>{number} pictures</source>
        <translation>{number} 帧</translation>
    </message>
    <message>
        <source>time servers</source>
        <translation>时间服务器</translation>
    </message>
    <message>
        <source>hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>those of the network (DHCP)</source>
        <translation>由网络提供（DHCP）</translation>
    </message>
    <message>
        <source>{user}, new password</source>
        <translation>{user}，新密码</translation>
    </message>
    <message>
        <source>right</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>The camera does not have this.</source>
        <translation>相机没有此功能。</translation>
    </message>
    <message>
        <source>The camera does not let this account change it.</source>
        <translation>相机不允许此账号更改。</translation>
    </message>
    <message>
        <source>nearest to {wanted}, which it does not have</source>
        <translation>不支持 {wanted}，取最接近的值</translation>
    </message>
    <message>
        <source>The register has nothing for {wanted}.</source>
        <translation>台账中没有 {wanted} 的内容。</translation>
    </message>
    <message>
        <source>The camera did not say what it is now.</source>
        <translation>相机没有给出现值。</translation>
    </message>
    <message>
        <source>The camera takes no password that long.</source>
        <translation>密码超出相机允许的长度。</translation>
    </message>
    <message>
        <source>The camera takes no user name that long.</source>
        <translation>用户名超出相机允许的长度。</translation>
    </message>
    <message>
        <source>A wrong clock is not brought back.</source>
        <translation>不恢复错误的时钟。</translation>
    </message>
    <message>
        <source>Of the whole device: set with its first camera.</source>
        <translation>属于整台设备，随其第一台相机设置。</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>the camera made {now} of it</source>
        <translation>相机改成了 {now}</translation>
    </message>
    <message>
        <source>the camera said yes and changed nothing</source>
        <translation>相机答应了，但没有更改</translation>
    </message>
    <message>
        <source>refused: {detail}</source>
        <translation>被拒绝：{detail}</translation>
    </message>
    <message>
        <source>no answer: read it again to see what it did</source>
        <translation>没有应答：请重新读取查看结果</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>not sure which password counts: both are kept, and tried again by and by</source>
        <translation>尚不确定哪个密码有效：两者都保留，稍后自动再试</translation>
    </message>
    <message>
        <source>the new account works, but the old one still does</source>
        <translation>新账号可用，但旧账号仍然有效</translation>
    </message>
    <message>
        <source>still the old password; the new one is kept too for a while</source>
        <translation>仍是旧密码；新密码也暂时保留</translation>
    </message>
    <message>
        <source>an earlier change of this password is not settled yet; wait 2 minutes</source>
        <translation>上一次更改密码尚未确定，请等待 2 分钟</translation>
    </message>
    <message>
        <source>the pictures of this camera have accounts of their own: change both in its web page</source>
        <translation>此相机的视频流使用单独的账号：请在其网页上一并更改</translation>
    </message>
    <message>
        <source>the camera was removed</source>
        <translation>相机已被移除</translation>
    </message>
    <message>
        <source>Only {name}, {name_en}, {code}, {number} and {site} can stand in braces.</source>
        <translation>花括号中只能是 {name}、{name_en}、{code}、{number}、{site}。</translation>
    </message>
    <message>
        <source>Give the time servers: addresses or names, or DHCP.</source>
        <translation>请填写时间服务器：地址或名称，或 DHCP。</translation>
    </message>
    <message>
        <source>A time zone looks like CST-8 or UTC0.</source>
        <translation>时区的写法如 CST-8 或 UTC0。</translation>
    </message>
    <message>
        <source>Text and time cannot be in the same corner.</source>
        <translation>文字和时间不能在同一角。</translation>
    </message>
    <message>
        <source>A user name: letters and digits, a letter first, up to 32.</source>
        <translation>用户名：字母和数字，以字母开头，最多 32 位。</translation>
    </message>
    <message>
        <source>A picture size looks like 1920x1080.</source>
        <translation>分辨率的写法如 1920x1080。</translation>
    </message>
    <message>
        <source>At least {count} characters.</source>
        <translation>至少 {count} 位。</translation>
    </message>
    <message>
        <source>At most {count} characters: many cameras take no more.</source>
        <translation>最多 {count} 位：许多相机不接受更长的。</translation>
    </message>
    <message>
        <source>Only letters, digits and {signs}</source>
        <translation>只能用字母、数字和 {signs}</translation>
    </message>
    <message>
        <source>Three of these: small letters, capitals, digits, signs.</source>
        <translation>小写字母、大写字母、数字、符号，至少三种。</translation>
    </message>
    <message>
        <source>It must not contain the user name.</source>
        <translation>不能包含用户名。</translation>
    </message>
    <message>
        <source>This is a password that cameras come with.</source>
        <translation>这是相机的出厂密码。</translation>
    </message>
    <message>
        <source>No row such as 1234, abcd or 7777.</source>
        <translation>不能有 1234、abcd、7777 这样的连续字符。</translation>
    </message>
</context>
<context>
    <name>SharePage</name>
    <message>
        <source>Choose a row first.</source>
        <translation>请先选择一行。</translation>
    </message>
</context>
<context>
    <name>SharedCameras</name>
    <message>
        <source>shared by {owner}</source>
        <translation>由{owner}共享</translation>
    </message>
    <message>
        <source>shared by {owner} until {day}</source>
        <translation>由{owner}共享至 {day}</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} and {more}</source>
        <translation>{name}及{more}</translation>
    </message>
    <message>
        <source>Access to {name} ({owner}) has ended as agreed. Ask again if it is needed.</source>
        <translation>对{name}（{owner}）的访问已按约定到期。如仍需要请重新申请。</translation>
    </message>
    <message>
        <source>{owner} has withdrawn access to {name}. The reason is under “Asked by us”.</source>
        <translation>{owner}已撤回对{name}的访问。理由见“我方申请”。</translation>
    </message>
</context>
<context>
    <name>Sharing</name>
    <message>
        <source>never decided; the time is over</source>
        <translation>未审批，时间已过</translation>
    </message>
    <message>
        <source>waiting for a decision</source>
        <translation>等待审批</translation>
    </message>
    <message>
        <source>refused: {reason}</source>
        <translation>被拒绝：{reason}</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>已归还</translation>
    </message>
    <message>
        <source>withdrawn: {reason} ({time})</source>
        <translation>被撤回：{reason}（{time}）</translation>
    </message>
    <message>
        <source>active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>ended as agreed</source>
        <translation>按约定到期</translation>
    </message>
    <message>
        <source>approved, begins {time}</source>
        <translation>已批准，{time} 开始</translation>
    </message>
    <message>
        <source>(a camera without a code)</source>
        <translation>（无编码的相机）</translation>
    </message>
    <message>
        <source>group {name}</source>
        <translation>分组“{name}”</translation>
    </message>
    <message>
        <source>all cameras of {name}</source>
        <translation>{name}的全部相机</translation>
    </message>
</context>
<context>
    <name>SharingScreen</name>
    <message>
        <source>Sharing between organisations</source>
        <translation>单位间共享</translation>
    </message>
    <message>
        <source>Asked by us</source>
        <translation>我方申请</translation>
    </message>
    <message>
        <source>To decide</source>
        <translation>待审批</translation>
    </message>
    <message>
        <source>Shared by us</source>
        <translation>我方共享</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>统计</translation>
    </message>
</context>
<context>
    <name>ShelfDialog</name>
    <message>
        <source>Alarms that are put off</source>
        <translation>已暂缓的告警</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>The events are shown again.</source>
        <translation>恢复显示这些事件。</translation>
    </message>
</context>
<context>
    <name>ShelveDialog</name>
    <message>
        <source>Put off an alarm</source>
        <translation>暂缓告警</translation>
    </message>
    <message>
        <source>15 minutes</source>
        <translation>15 分钟</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>4 hours</source>
        <translation>4 小时</translation>
    </message>
    <message>
        <source>12 hours, the longest shift</source>
        <translation>12 小时（最长班次）</translation>
    </message>
    <message>
        <source>such as: building site until Friday</source>
        <translation>例如：施工至周五</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>It is not shown for so long. Who takes over reads it in the list.</source>
        <translation>在此期间不显示；接班人会在交接清单中看到。</translation>
    </message>
    <message>
        <source>Put off</source>
        <translation>暂缓</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ShiftWindow</name>
    <message>
        <source>Shift and handover</source>
        <translation>班次与交接班</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Handover</source>
        <translation>交接班</translation>
    </message>
    <message>
        <source>Roster</source>
        <translation>排班</translation>
    </message>
    <message>
        <source>Past shifts</source>
        <translation>历史班次</translation>
    </message>
    <message>
        <source>Early shift</source>
        <translation>早班</translation>
    </message>
    <message>
        <source>Late shift</source>
        <translation>中班</translation>
    </message>
    <message>
        <source>Night shift</source>
        <translation>夜班</translation>
    </message>
    <message>
        <source>Day shift</source>
        <translation>白班</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>值班员</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>trainee</source>
        <translation>学员</translation>
    </message>
    <message>
        <source>Begin shift</source>
        <translation>开始班次</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>签到</translation>
    </message>
    <message>
        <source>Sign off</source>
        <translation>签退</translation>
    </message>
    <message>
        <source>Here now</source>
        <translation>在岗人员</translation>
    </message>
    <message>
        <source>Equipment</source>
        <translation>设备检查</translation>
    </message>
    <message>
        <source>Notes for this shift and the next</source>
        <translation>本班及下一班备注</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>岗位</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>签到时间</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>A note; Enter writes it down.</source>
        <translation>填写备注，回车记录。</translation>
    </message>
    <message>
        <source>Make the list anew</source>
        <translation>重新生成清单</translation>
    </message>
    <message>
        <source>Handed over by</source>
        <translation>交班人</translation>
    </message>
    <message>
        <source>Taken over by</source>
        <translation>接班人</translation>
    </message>
    <message>
        <source>Both sign</source>
        <translation>双方签名</translation>
    </message>
    <message>
        <source>About</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>names, separated by commas</source>
        <translation>姓名，用逗号分隔</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>排班</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Staff</source>
        <translation>值班人员</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Countersign…</source>
        <translation>会签…</translation>
    </message>
    <message>
        <source>Signed document…</source>
        <translation>签名文件…</translation>
    </message>
    <message>
        <source>Nothing is open and nothing happened: both can sign.</source>
        <translation>无未结事项，双方可以签字。</translation>
    </message>
    <message>
        <source>No shift is running here. Begin one under “Shift”; at its end everything to be handed over is listed here by itself.</source>
        <translation>本席位没有进行中的班次。请在“班次”页开始；下班时需交接的事项会自动列在这里。</translation>
    </message>
    <message>
        <source>Nobody is planned for the next two weeks. Enter day, shift, times and names below, then “Plan”.</source>
        <translation>未来两周没有排班。请在下方填写日期、班次、时间和姓名，然后点“排班”。</translation>
    </message>
    <message>
        <source>No shift was handed over yet. Signed ones are listed here, for the supervisor to countersign.</source>
        <translation>还没有交接过的班次。签字后的班次列在这里，由主管会签。</translation>
    </message>
    <message>
        <source>What the next shift has to know: write it below. It is in the handover.</source>
        <translation>下一班需要知道的事写在下面，会列入交接。</translation>
    </message>
    <message>
        <source>No shift is running on this console.</source>
        <translation>本机当前没有进行中的班次。</translation>
    </message>
    <message>
        <source>{name}  {number}, since {time}</source>
        <translation>{name}  {number}，自 {time}</translation>
    </message>
    <message>
        <source>In order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Fault…</source>
        <translation>故障…</translation>
    </message>
    <message>
        <source>▲ A qualification has run out: {names}</source>
        <translation>▲ 资质已过期：{names}</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) still to be read. Space reads one.</source>
        <translation>
            <numerusform>还有 %n 项未读。按空格键逐项确认。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %n item(s) were read.</source>
        <translation>
            <numerusform>全部 %n 项已读。</numerusform>
        </translation>
    </message>
    <message>
        <source>What is wrong?</source>
        <translation>有什么问题？</translation>
    </message>
    <message>
        <source>A day is like 2026-03-01, a time like 08:00.</source>
        <translation>日期格式如 2026-03-01，时间如 08:00。</translation>
    </message>
    <message>
        <source>A PIN is wrong. Nothing was signed.</source>
        <translation>PIN 错误，未签名。</translation>
    </message>
    <message>
        <source>Handed over. A supervisor countersigns under “Past shifts”.</source>
        <translation>已交班。主管在“历史班次”中会签。</translation>
    </message>
    <message>
        <source>The handover of shift {number} is countersigned.</source>
        <translation>将会签班次 {number} 的交接。</translation>
    </message>
    <message>
        <source>Signed document</source>
        <translation>签名文件</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Name, pinyin, number, code, IP  (Ctrl+F)</source>
        <translation>名称、拼音、调用号、编码、IP（Ctrl+F）</translation>
    </message>
    <message>
        <source>Search cameras</source>
        <translation>搜索相机</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Cameras by site</source>
        <translation>按地点的相机</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>No cameras yet. Add one with Ctrl+N.</source>
        <translation>还没有相机。按 Ctrl+N 添加。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 台相机</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing matches “{text}”. Try fewer letters.</source>
        <translation>没有与“{text}”匹配的相机。请少输几个字。</translation>
    </message>
    <message>
        <source>No favourites yet. Right-click a camera, then “Favourite”.</source>
        <translation>还没有收藏。右键点相机，选“收藏”。</translation>
    </message>
</context>
<context>
    <name>SignInDialog</name>
    <message>
        <source>Another person signs in</source>
        <translation>换人登录</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Server {server}. The pictures run on.</source>
        <translation>服务器 {server}。画面继续播放。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Server…</source>
        <translation>服务器…</translation>
    </message>
    <message>
        <source>The connection of this console with its server</source>
        <translation>本席位与服务器的连接</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出程序</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>正在登录…</translation>
    </message>
</context>
<context>
    <name>Signer</name>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>no PIN set</source>
        <translation>未设 PIN</translation>
    </message>
</context>
<context>
    <name>SkippedList</name>
    <message>
        <source>Try all again</source>
        <translation>全部重试</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>起始时间</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>次数</translation>
    </message>
</context>
<context>
    <name>Sound</name>
    <message>
        <source>This camera sends no sound.</source>
        <translation>此相机不发送声音。</translation>
    </message>
    <message>
        <source>This camera&apos;s sound cannot be decoded here.</source>
        <translation>此处无法解码该相机的声音。</translation>
    </message>
    <message>
        <source>This camera is shown through libVLC: its sound cannot be played.</source>
        <translation>该相机通过 libVLC 显示，无法播放其声音。</translation>
    </message>
    <message>
        <source>The camera did not give its sound. The picture goes on without it.</source>
        <translation>相机未提供声音。画面继续，但没有声音。</translation>
    </message>
    <message>
        <source>This computer has no sound output. Only the level is shown.</source>
        <translation>本机没有声音输出设备，仅显示音量电平。</translation>
    </message>
    <message>
        <source>The sound library miniaudio is not installed. Only the level is shown.</source>
        <translation>未安装声音库 miniaudio，仅显示音量电平。</translation>
    </message>
</context>
<context>
    <name>SoundControl</name>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Volume {percent} %</source>
        <translation>音量 {percent}%</translation>
    </message>
    <message>
        <source>Level of what is heard</source>
        <translation>当前声音的电平</translation>
    </message>
</context>
<context>
    <name>StatisticsPage</name>
    <message>
        <source>Nothing was asked for in this time.</source>
        <translation>此期间没有申请。</translation>
    </message>
    <message>
        <source>last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>last 90 days</source>
        <translation>最近 90 天</translation>
    </message>
    <message>
        <source>last 365 days</source>
        <translation>最近 365 天</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>期间</translation>
    </message>
    <message>
        <source>Asked for in the</source>
        <translation>申请时间</translation>
    </message>
    <message>
        <source>Who asked</source>
        <translation>申请方</translation>
    </message>
    <message>
        <source>Whom</source>
        <translation>被申请方</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>申请</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待审批</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Given back</source>
        <translation>归还</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Hours to decide</source>
        <translation>审批用时（小时）</translation>
    </message>
    <message>
        <source>There is nothing to copy.</source>
        <translation>没有可复制的内容。</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>Save as table…</source>
        <translation>保存为表格…</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>This took too long and was given up.</source>
        <translation>操作超时，已放弃。</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>请填写名称。</translation>
    </message>
    <message>
        <source>The name is too long (100 characters).</source>
        <translation>名称过长（最多 100 个字符）。</translation>
    </message>
    <message>
        <source>This name is in use already.</source>
        <translation>此名称已被使用。</translation>
    </message>
    <message>
        <source>Stored data could not be read or changed. {reason}</source>
        <translation>本机数据无法读取或更改。{reason}</translation>
    </message>
</context>
<context>
    <name>Stream</name>
    <message>
        <source>not open</source>
        <translation>未打开</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>stalled</source>
        <translation>画面停滞</translation>
    </message>
    <message>
        <source>degraded</source>
        <translation>质量下降</translation>
    </message>
    <message>
        <source>access refused</source>
        <translation>拒绝访问</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>cannot be shown</source>
        <translation>无法显示</translation>
    </message>
    <message>
        <source>no signal</source>
        <translation>无信号</translation>
    </message>
    <message>
        <source>PC busy: small stream</source>
        <translation>本机忙：子码流</translation>
    </message>
    <message>
        <source>PC busy: fewer pictures</source>
        <translation>本机忙：减帧</translation>
    </message>
    <message>
        <source>PC busy: key frames</source>
        <translation>本机忙：仅关键帧</translation>
    </message>
    <message>
        <source>small stream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>fewer pictures</source>
        <translation>减帧</translation>
    </message>
    <message>
        <source>key frames</source>
        <translation>仅关键帧</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>The libVLC of this computer has no {module} module.</source>
        <translation>本机的 libVLC 缺少 {module} 模块。</translation>
    </message>
    <message>
        <source>User name or password refused. Edit the camera.</source>
        <translation>用户名或密码被拒绝，请编辑相机。</translation>
    </message>
    <message>
        <source>This account may not watch this stream.</source>
        <translation>此账户无权观看该码流。</translation>
    </message>
    <message>
        <source>The camera does not know this stream. Check its address.</source>
        <translation>相机没有此码流，请检查地址。</translation>
    </message>
    <message>
        <source>The camera refused: too many connections?</source>
        <translation>相机拒绝：连接数过多？</translation>
    </message>
    <message>
        <source>The camera reports an error of its own.</source>
        <translation>相机报告自身故障。</translation>
    </message>
    <message>
        <source>Nothing answers at this address and port.</source>
        <translation>该地址和端口无应答。</translation>
    </message>
    <message>
        <source>The network has no way to this address.</source>
        <translation>网络无法到达该地址。</translation>
    </message>
    <message>
        <source>The host name is not known.</source>
        <translation>主机名无法解析。</translation>
    </message>
    <message>
        <source>The camera&apos;s certificate is not trusted. Edit the camera to accept it.</source>
        <translation>相机的证书不受信任。请编辑相机以接受它。</translation>
    </message>
    <message>
        <source>No answer in time.</source>
        <translation>未及时应答。</translation>
    </message>
    <message>
        <source>The connection was cut.</source>
        <translation>连接被中断。</translation>
    </message>
    <message>
        <source>The camera gave no sensible answer.</source>
        <translation>相机的应答无法理解。</translation>
    </message>
    <message>
        <source>The camera ended the stream.</source>
        <translation>相机结束了码流。</translation>
    </message>
    <message>
        <source>The stream cannot be decoded here.</source>
        <translation>本机无法解码该码流。</translation>
    </message>
    <message>
        <source>There is no video at this address.</source>
        <translation>该地址没有视频。</translation>
    </message>
    <message>
        <source>The address cannot be opened. Edit the camera.</source>
        <translation>无法打开该地址，请编辑相机。</translation>
    </message>
    <message>
        <source>Connected; waiting for the camera&apos;s next whole picture.</source>
        <translation>已连接；正在等待相机的下一个完整画面。</translation>
    </message>
    <message>
        <source>A decoder process ended and is being replaced.</source>
        <translation>一个解码进程已结束，正在替换。</translation>
    </message>
    <message>
        <source>libVLC is not installed on this computer.</source>
        <translation>本机未安装 libVLC。</translation>
    </message>
    <message>
        <source>Connected, but no new picture arrives.</source>
        <translation>已连接，但没有新画面到达。</translation>
    </message>
    <message>
        <source>The camera sends a black picture.</source>
        <translation>相机发送的是黑画面。</translation>
    </message>
    <message>
        <source>The camera repeats the same picture.</source>
        <translation>相机在重复同一画面。</translation>
    </message>
    <message>
        <source>This computer is too slow for all pictures.</source>
        <translation>本机性能不足，无法显示全部画面。</translation>
    </message>
    <message>
        <source>Pictures arrive damaged.</source>
        <translation>到达的画面有损坏。</translation>
    </message>
    <message>
        <source>Fewer pictures arrive than before.</source>
        <translation>到达的画面比之前少。</translation>
    </message>
    <message>
        <source>The decoding device failed: streams go on, decoded by the processor.</source>
        <translation>硬件解码设备出错：视频已改由处理器解码，继续播放。</translation>
    </message>
    <message>
        <source>A decoder process died of the decoding device: hardware decoding is off now.</source>
        <translation>解码进程因硬件解码设备崩溃：硬件解码现已关闭。</translation>
    </message>
    <message>
        <source>This computer is short of power: the small stream is shown.</source>
        <translation>本机性能不足：改用子码流显示。</translation>
    </message>
    <message>
        <source>This computer is short of power: some pictures are left out.</source>
        <translation>本机性能不足：跳过部分画面。</translation>
    </message>
    <message>
        <source>This computer is short of power: only key frames are shown.</source>
        <translation>本机性能不足：仅显示关键帧。</translation>
    </message>
</context>
<context>
    <name>Sync</name>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>片区</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>点位</translation>
    </message>
    <message>
        <source>Landmark</source>
        <translation>地标</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Tour</source>
        <translation>轮巡</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Entry of a log</source>
        <translation>值班记录</translation>
    </message>
    <message>
        <source>Patrol</source>
        <translation>巡检</translation>
    </message>
    <message>
        <source>Qualification or training</source>
        <translation>资质或培训</translation>
    </message>
    <message>
        <source>Task card or list</source>
        <translation>处置卡或清单</translation>
    </message>
    <message>
        <source>Template for setting up cameras</source>
        <translation>相机批量设置模板</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Fault: what you did</source>
        <translation>故障：您的操作</translation>
    </message>
    <message>
        <source>Time limits</source>
        <translation>时限规则</translation>
    </message>
    <message>
        <source>Maintenance</source>
        <translation>检修</translation>
    </message>
    <message>
        <source>Further field of the asset register</source>
        <translation>设备档案扩展字段</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>English name</source>
        <translation>英文名</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>GB/T 28181 code</source>
        <translation>GB/T 28181 编码</translation>
    </message>
    <message>
        <source>Call number</source>
        <translation>呼叫号</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Private areas</source>
        <translation>隐私区域</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>码流</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>传输方式</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>云台</translation>
    </message>
    <message>
        <source>Latitude</source>
        <translation>纬度</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>经度</translation>
    </message>
    <message>
        <source>Bearing</source>
        <translation>朝向</translation>
    </message>
    <message>
        <source>Pole number</source>
        <translation>杆号</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>ONVIF address</source>
        <translation>ONVIF 地址</translation>
    </message>
    <message>
        <source>Manufacturer</source>
        <translation>厂商</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>型号</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>固件</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>谁</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>截止</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>处理措施</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Somebody else changed this too. Theirs is in use.</source>
        <translation>他人也修改了此项，目前采用的是对方的值。</translation>
    </message>
    <message>
        <source>Somebody else removed it meanwhile.</source>
        <translation>他人已将其删除。</translation>
    </message>
    <message>
        <source>Somebody else changed it meanwhile: it was not removed.</source>
        <translation>他人已对其修改，因此没有删除。</translation>
    </message>
    <message>
        <source>You may not change this. It was not taken.</source>
        <translation>您无权修改此项，未被采用。</translation>
    </message>
    <message>
        <source>It is not on the server, or not yours to see.</source>
        <translation>服务器上没有此项，或您无权查看。</translation>
    </message>
    <message>
        <source>The server does not know this yet.</source>
        <translation>服务器尚不支持此项。</translation>
    </message>
    <message>
        <source>The server could not take these values.</source>
        <translation>服务器无法接受这些值。</translation>
    </message>
    <message>
        <source>What it belongs to is not on the server.</source>
        <translation>其所属对象不在服务器上。</translation>
    </message>
    <message>
        <source>Entries of this kind are never changed.</source>
        <translation>此类记录不可修改。</translation>
    </message>
    <message>
        <source>Others moved this fault on meanwhile: that cannot be done any more.</source>
        <translation>其间他人已推进此故障：该操作已无法执行。</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>first load {done} of {total}</source>
        <translation>首次加载 {done} / {total}</translation>
    </message>
    <message>
        <source>first load paused, {done} of {total}</source>
        <translation>首次加载已暂停，{done} / {total}</translation>
    </message>
    <message>
        <source>first load begins</source>
        <translation>首次加载开始</translation>
    </message>
    <message>
        <source>first load paused</source>
        <translation>首次加载已暂停</translation>
    </message>
    <message>
        <source>connecting to the server</source>
        <translation>正在连接服务器</translation>
    </message>
    <message>
        <source>not synchronised</source>
        <translation>未同步</translation>
    </message>
    <message>
        <source>offline since {time}</source>
        <translation>{time} 起离线</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>in step</source>
        <translation>已同步</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} 项待发送</translation>
    </message>
    <message>
        <source>{count} to decide</source>
        <translation>{count} 项待决定</translation>
    </message>
    <message>
        <source>see here</source>
        <translation>点此查看</translation>
    </message>
    <message>
        <source>The server is newer than this console. Update the console; what you enter is kept and sent afterwards.</source>
        <translation>服务器版本比本席位新。请更新本席位；您录入的内容会保留，更新后发送。</translation>
    </message>
    <message>
        <source>The server is older than this console. It must be updated; what you enter is kept and sent afterwards.</source>
        <translation>服务器版本比本席位旧，须更新服务器；您录入的内容会保留，更新后发送。</translation>
    </message>
    <message>
        <source>This is not the server that this console worked with, or it lost its database. Nothing is sent or removed until you say so.</source>
        <translation>这不是本席位原来使用的服务器，或其数据库已丢失。在您确认之前，不发送也不删除任何内容。</translation>
    </message>
    <message>
        <source>The server was restored from a backup. This console has sent again what the server had lost.</source>
        <translation>服务器已从备份恢复。本席位已重新发送服务器丢失的内容。</translation>
    </message>
    <message>
        <source>Another console used this console&apos;s identity: one disk is a copy of the other. This one has taken an identity of its own; nothing was lost.</source>
        <translation>另一台席位使用了本机的标识：其中一台的磁盘是另一台的副本。本机已启用新的标识，内容没有丢失。</translation>
    </message>
    <message>
        <source>What this console held differed from the server&apos;s. What differed was loaded anew; what you entered is kept.</source>
        <translation>本席位的数据与服务器不一致。不一致的部分已重新载入；您录入的内容均已保留。</translation>
    </message>
    <message>
        <source>The server&apos;s disk is full. What you enter is kept here and sent later.</source>
        <translation>服务器磁盘已满。您录入的内容保留在本机，稍后发送。</translation>
    </message>
    <message>
        <source>{count} cameras, places and landmarks would be removed for everybody. Nothing is sent until you say that this is meant; else restore them.</source>
        <translation>将为所有人删除 {count} 个相机、点位和地标。在您确认之前不会发送；如非本意，请恢复它们。</translation>
    </message>
    <message>
        <source>This console has organisations of its own that the server does not know. Say where they belong; until then nothing is sent, and nothing is lost.</source>
        <translation>本席位有服务器尚不知道的单位。请指定其归属；在此之前不会发送任何内容，也不会丢失任何内容。</translation>
    </message>
    <message>
        <source>This computer&apos;s disk is full or cannot be written. Make room: what others change does not arrive, and nothing can be saved.</source>
        <translation>本机磁盘已满或无法写入。请清理空间：他人的修改无法到达，也无法保存任何内容。</translation>
    </message>
    <message>
        <source>The server wants a new sign-in. What you enter is kept.</source>
        <translation>服务器要求重新登录。您录入的内容会保留。</translation>
    </message>
    <message>
        <source>Synchronisation failed and is being tried again.</source>
        <translation>同步失败，正在重试。</translation>
    </message>
    <message>
        <source>This computer&apos;s clock differs from the server&apos;s by {seconds} s. Set it; times of entries are wrong.</source>
        <translation>本机时钟与服务器相差 {seconds} 秒。请校准；录入时间不正确。</translation>
    </message>
    <message>
        <source>The server refused: {reason}</source>
        <translation>服务器拒绝：{reason}</translation>
    </message>
</context>
<context>
    <name>SyncLabel</name>
    <message>
        <source>Synchronisation with the server</source>
        <translation>与服务器同步</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>决定…</translation>
    </message>
    <message>
        <source>Pause the first load</source>
        <translation>暂停首次加载</translation>
    </message>
    <message>
        <source>Go on with the first load</source>
        <translation>继续首次加载</translation>
    </message>
    <message>
        <source>Work with this server from now on</source>
        <translation>今后使用此服务器</translation>
    </message>
    <message>
        <source>Say where they belong…</source>
        <translation>指定归属…</translation>
    </message>
    <message>
        <source>These removals are meant</source>
        <translation>确认删除</translation>
    </message>
    <message>
        <source>Synchronise now</source>
        <translation>立即同步</translation>
    </message>
    <message>
        <source>I have read this</source>
        <translation>已阅</translation>
    </message>
    <message>
        <source>Server last heard at {time}</source>
        <translation>服务器最近应答 {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) waiting</source>
        <translation>
            <numerusform>%n 个文件待发送</numerusform>
        </translation>
    </message>
    <message>
        <source>clock off by {seconds} s</source>
        <translation>时钟相差 {seconds} 秒</translation>
    </message>
</context>
<context>
    <name>TicketDesk</name>
    <message>
        <source>⚒ maintenance until {time}</source>
        <translation>⚒ 检修至 {time}</translation>
    </message>
    <message numerus="yes">
        <source>⇧ %n fault(s) escalated</source>
        <translation>
            <numerusform>⇧ %n 个故障已升级</numerusform>
        </translation>
    </message>
    <message>
        <source>Somebody above should know: open the list, then “I know of it” or “Escalate”</source>
        <translation>上级应当知悉：打开列表，再选“已知悉”或“升级”</translation>
    </message>
    <message>
        <source>The picture of fault {number} is back: {camera}</source>
        <translation>故障 {number} 的画面已恢复：{camera}</translation>
    </message>
    <message>
        <source>{state} since {time}</source>
        <translation>{state}，自 {time}</translation>
    </message>
    <message>
        <source>due {time}</source>
        <translation>{time} 到期</translation>
    </message>
    <message numerus="yes">
        <source>and %n more: see the list of faults</source>
        <translation>
            <numerusform>另有 %n 个：见故障列表</numerusform>
        </translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>上报时间</translation>
    </message>
    <message>
        <source>Reported by</source>
        <translation>上报人</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自</translation>
    </message>
    <message>
        <source>Restore until</source>
        <translation>恢复期限</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>关闭时间</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>班组</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>No incident is open. I opens one for the selected tile.</source>
        <translation>没有未结事件。按 I 为选中的窗格新建。</translation>
    </message>
    <message>
        <source>The fault belongs to:</source>
        <translation>此故障属于：</translation>
    </message>
    <message>
        <source>Fault {number} reported.</source>
        <translation>故障 {number} 已上报。</translation>
    </message>
    <message>
        <source>Your report joined the open fault {number}.</source>
        <translation>已并入未关闭的故障 {number}。</translation>
    </message>
    <message>
        <source>Maintenance ended.</source>
        <translation>检修已结束。</translation>
    </message>
    <message>
        <source>Maintenance began.</source>
        <translation>检修已开始。</translation>
    </message>
</context>
<context>
    <name>TicketDialog</name>
    <message>
        <source>What you may do</source>
        <translation>您可执行的操作</translation>
    </message>
    <message>
        <source>Comment: Enter adds it</source>
        <translation>备注：回车添加</translation>
    </message>
    <message>
        <source>Attach &amp;file…</source>
        <translation>附件(&amp;F)…</translation>
    </message>
    <message>
        <source>Save as &amp;PDF…</source>
        <translation>另存为 PDF(&amp;P)…</translation>
    </message>
    <message>
        <source>P&amp;rint…</source>
        <translation>打印(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Incident…</source>
        <translation>事件(&amp;I)…</translation>
    </message>
    <message>
        <source>Enter this fault in an incident that is open</source>
        <translation>将此故障记入一个未结事件</translation>
    </message>
    <message>
        <source>Close window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>This ticket is not on this console any more.</source>
        <translation>本机已没有此工单。</translation>
    </message>
    <message>
        <source>Fault {number}: {camera}</source>
        <translation>故障 {number}：{camera}</translation>
    </message>
    <message>
        <source>by a second person with a PIN</source>
        <translation>由第二人凭 PIN</translation>
    </message>
    <message>
        <source>by a second person who signs in</source>
        <translation>由第二人登录后</translation>
    </message>
    <message>
        <source>Incident: {links}</source>
        <translation>事件：{links}</translation>
    </message>
    <message>
        <source>Part of another ticket: open that</source>
        <translation>已并入另一工单：打开</translation>
    </message>
    <message>
        <source>▲ The device was replaced: it is to be accepted</source>
        <translation>▲ 设备已更换：须重新验收</translation>
    </message>
    <message>
        <source>not for your role</source>
        <translation>您的角色无权</translation>
    </message>
    <message>
        <source>not in this state</source>
        <translation>当前状态不可</translation>
    </message>
    <message>
        <source>you worked on it</source>
        <translation>您参与了维修</translation>
    </message>
    <message>
        <source>due {time}</source>
        <translation>时限 {time}</translation>
    </message>
    <message>
        <source>a pause is asked for: {reason}</source>
        <translation>申请挂起：{reason}</translation>
    </message>
    <message>
        <source>⇧ somebody above should know</source>
        <translation>⇧ 应上报上级</translation>
    </message>
    <message>
        <source>⇧ escalated</source>
        <translation>⇧ 已升级</translation>
    </message>
    <message>
        <source>{number}: {action}. Somebody who did not work on it has to see it.</source>
        <translation>{number}：{action}。须由未参与维修的人核对。</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>添加附件</translation>
    </message>
    <message>
        <source>The file cannot be read, or is larger than 50 MB.</source>
        <translation>文件无法读取，或大于 50 MB。</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>另存为 PDF</translation>
    </message>
    <message>
        <source>Printed {time}</source>
        <translation>打印于 {time}</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>所属单位</translation>
    </message>
    <message>
        <source>Responsible</source>
        <translation>责任单位</translation>
    </message>
    <message>
        <source>Maintainer</source>
        <translation>维护单位</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机数</translation>
    </message>
    <message>
        <source>Fault since</source>
        <translation>故障起始</translation>
    </message>
    <message>
        <source>Restore until</source>
        <translation>修复时限</translation>
    </message>
    <message>
        <source>Pauses</source>
        <translation>挂起时长</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>新设备</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>reported</source>
        <translation>上报</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>尚未发送</translation>
    </message>
    <message>
        <source>server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>the wall saw the picture again</source>
        <translation>电视墙重新看到画面</translation>
    </message>
    <message>
        <source>the wall lost the picture again</source>
        <translation>电视墙又丢失画面</translation>
    </message>
    <message>
        <source>live for {seconds} s</source>
        <translation>连续实时 {seconds} 秒</translation>
    </message>
    <message>
        <source>this is the reference picture from now on</source>
        <translation>今后以此为基准图</translation>
    </message>
    <message>
        <source>compared with the reference picture</source>
        <translation>已与基准图比对</translation>
    </message>
    <message>
        <source>with a PIN, at the desk of {name}</source>
        <translation>凭 PIN，在 {name} 的席位</translation>
    </message>
    <message>
        <source>new device {serial}</source>
        <translation>新设备 {serial}</translation>
    </message>
    <message>
        <source>not here yet</source>
        <translation>尚未下载</translation>
    </message>
</context>
<context>
    <name>TicketWindow</name>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>Board by state</source>
        <translation>看板：按状态</translation>
    </message>
    <message>
        <source>Board by team</source>
        <translation>看板：按班组</translation>
    </message>
    <message>
        <source>Board by due time</source>
        <translation>看板：按时限</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>未关闭</translation>
    </message>
    <message>
        <source>▲ Overdue</source>
        <translation>▲ 超时</translation>
    </message>
    <message>
        <source>⇧ Escalated</source>
        <translation>⇧ 已升级</translation>
    </message>
    <message>
        <source>Waiting for us</source>
        <translation>待我方处理</translation>
    </message>
    <message>
        <source>◉ Picture is back</source>
        <translation>◉ 画面已恢复</translation>
    </message>
    <message>
        <source>To be verified</source>
        <translation>待核验</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>所有状态</translation>
    </message>
    <message>
        <source>Any priority</source>
        <translation>所有级别</translation>
    </message>
    <message>
        <source>Search camera, number, place, person</source>
        <translation>搜索相机、编号、地点、人员</translation>
    </message>
    <message>
        <source>Save &amp;filter…</source>
        <translation>保存筛选(&amp;F)…</translation>
    </message>
    <message>
        <source>Faults of this camera only: press to see those of all</source>
        <translation>仅此相机的故障：点按显示全部</translation>
    </message>
    <message>
        <source>&amp;Join…</source>
        <translation>合并(&amp;J)…</translation>
    </message>
    <message>
        <source>Make one ticket of those that are selected (Ctrl+click) in the list</source>
        <translation>将列表中选中的（Ctrl+单击）合并为一张工单</translation>
    </message>
    <message>
        <source>&amp;Time limits…</source>
        <translation>时限(&amp;T)…</translation>
    </message>
    <message>
        <source>Limits, working hours and priorities of an organisation</source>
        <translation>单位的时限、工作时间和优先级</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>已存筛选</translation>
    </message>
    <message>
        <source>Remove one…</source>
        <translation>删除一个…</translation>
    </message>
    <message>
        <source>Remove a filter</source>
        <translation>删除筛选</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Save filter</source>
        <translation>保存筛选</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message numerus="yes">
        <source>%n fault(s)</source>
        <translation>
            <numerusform>%n 条故障</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more: see the list</source>
        <translation>
            <numerusform>另有 %n 条：见列表</numerusform>
        </translation>
    </message>
    <message>
        <source>In 4 hours</source>
        <translation>4 小时内</translation>
    </message>
    <message>
        <source>In 24 hours</source>
        <translation>24 小时内</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后</translation>
    </message>
    <message>
        <source>No clock runs</source>
        <translation>不计时</translation>
    </message>
    <message>
        <source>(own people)</source>
        <translation>（本单位）</translation>
    </message>
    <message>
        <source>No fault is open.
Select a tile and press F to report one.</source>
        <translation>没有未结故障。
选中窗格后按 F 上报。</translation>
    </message>
    <message>
        <source>Nothing takes too long: nobody has to be told.</source>
        <translation>没有处理过久的故障，无需上报。</translation>
    </message>
    <message>
        <source>This camera never had a fault.</source>
        <translation>此相机从未有过故障。</translation>
    </message>
    <message>
        <source>No fault fits. Choose “All”, or clear the search.</source>
        <translation>没有符合条件的故障。请选“全部”或清除搜索。</translation>
    </message>
    <message>
        <source>Joined. “Separate again” in a ticket takes it back.</source>
        <translation>已合并。在工单中点“重新分开”可撤销。</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>REPLAY  {time}  ({age} ago)</source>
        <translation>回放  {time}  （{age}前）</translation>
    </message>
    <message>
        <source>last picture {time}</source>
        <translation>最后画面 {time}</translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>自 {time} 起</translation>
    </message>
    <message>
        <source>trying again in {seconds} s  ·  F5 now</source>
        <translation>{seconds} 秒后重试  ·  F5 立即重试</translation>
    </message>
    <message>
        <source>not tried again by itself  ·  F5 tries once</source>
        <translation>不会自动重试  ·  F5 重试一次</translation>
    </message>
    <message>
        <source>main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>the camera tells no time  ·  received {time}</source>
        <translation>相机不提供时间  ·  接收于 {time}</translation>
    </message>
    <message>
        <source>camera time {time}</source>
        <translation>相机时间 {time}</translation>
    </message>
    <message>
        <source>wrong by {seconds} s</source>
        <translation>偏差 {seconds} 秒</translation>
    </message>
    <message>
        <source>Drag a camera here, or type its number</source>
        <translation>将相机拖到此处，或输入其编号</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Told</source>
        <translation>已通知</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>No incident</source>
        <translation>没有事件</translation>
    </message>
</context>
<context>
    <name>TourDialog</name>
    <message>
        <source>Tour</source>
        <translation>轮巡</translation>
    </message>
    <message>
        <source>New tour</source>
        <translation>新建轮巡</translation>
    </message>
    <message>
        <source>such as “Gates, every hour”</source>
        <translation>例如“各出入口，每小时”</translation>
    </message>
    <message>
        <source>For everybody in the organisation</source>
        <translation>供本单位所有人使用</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>8 to 15 s for active watch, 20 to 30 s for a patrol</source>
        <translation>主动监看 8–15 秒，视频巡查 20–30 秒</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Each step</source>
        <translation>每步停留</translation>
    </message>
    <message>
        <source>Find views and cameras</source>
        <translation>查找视图和相机</translation>
    </message>
    <message>
        <source>Add  ›</source>
        <translation>添加  ›</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Tile</source>
        <translation>窗格</translation>
    </message>
    <message>
        <source>Shown for</source>
        <translation>停留</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Drag to put in order. Double-click a number to change it.</source>
        <translation>拖动可排序。双击数字可更改。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete tour</source>
        <translation>删除轮巡</translation>
    </message>
    <message>
        <source>as above</source>
        <translation>同上</translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>（已删除）</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n 步</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 台相机</numerusform>
        </translation>
    </message>
    <message>
        <source>one round {time}</source>
        <translation>一轮 {time}</translation>
    </message>
</context>
<context>
    <name>TourStrip</name>
    <message>
        <source>&amp;Start or stop tour</source>
        <translation>开始或停止轮巡(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation>暂停或继续(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Next step</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>P&amp;revious step</source>
        <translation>上一步(&amp;R)</translation>
    </message>
    <message>
        <source>step {n} of {all}</source>
        <translation>第 {n} 步，共 {all} 步</translation>
    </message>
    <message numerus="yes">
        <source>%n skipped</source>
        <translation>
            <numerusform>已跳过 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>paused by your hand, goes on in {time}</source>
        <translation>因您的操作暂停，{time} 后继续</translation>
    </message>
    <message>
        <source>opening step {n}…</source>
        <translation>正在打开第 {n} 步…</translation>
    </message>
    <message>
        <source>stays: {reason}. Next step changes it all the same.</source>
        <translation>保持不变：{reason}。按“下一步”仍会切换。</translation>
    </message>
    <message>
        <source>stays: no other step has a picture</source>
        <translation>保持不变：其他步骤均无画面</translation>
    </message>
    <message>
        <source>(a view)</source>
        <translation>（视图）</translation>
    </message>
    <message>
        <source>(not known any more)</source>
        <translation>（已不存在）</translation>
    </message>
</context>
<context>
    <name>Tours</name>
    <message>
        <source>no picture in time</source>
        <translation>未及时出图</translation>
    </message>
    <message>
        <source>its tile is in use</source>
        <translation>其窗格正在使用</translation>
    </message>
    <message>
        <source>view was deleted</source>
        <translation>视图已删除</translation>
    </message>
    <message>
        <source>the layout has no such tile</source>
        <translation>布局中没有该窗格</translation>
    </message>
    <message>
        <source>a tile fills the wall</source>
        <translation>有窗格已铺满电视墙</translation>
    </message>
    <message>
        <source>part of an open incident</source>
        <translation>属于未结事件</translation>
    </message>
    <message>
        <source>being steered</source>
        <translation>正在云台控制</translation>
    </message>
    <message>
        <source>replay</source>
        <translation>回放中</translation>
    </message>
    <message>
        <source>zoomed in</source>
        <translation>已放大</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>已选中</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m} 分 {s} 秒</translation>
    </message>
</context>
<context>
    <name>UnitDialog</name>
    <message>
        <source>Somebody was told</source>
        <translation>已通知单位</translation>
    </message>
    <message>
        <source>Command centre 110</source>
        <translation>110 指挥中心</translation>
    </message>
    <message>
        <source>Police station</source>
        <translation>派出所</translation>
    </message>
    <message>
        <source>Patrol</source>
        <translation>巡逻队</translation>
    </message>
    <message>
        <source>Traffic police</source>
        <translation>交警</translation>
    </message>
    <message>
        <source>Fire brigade 119</source>
        <translation>119 消防</translation>
    </message>
    <message>
        <source>Ambulance 120</source>
        <translation>120 急救</translation>
    </message>
    <message>
        <source>Duty officer</source>
        <translation>值班领导</translation>
    </message>
    <message>
        <source>Owner of the place</source>
        <translation>场所责任人</translation>
    </message>
    <message>
        <source>who answered</source>
        <translation>接听人</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>UsesDialog</name>
    <message>
        <source>Who used {name}</source>
        <translation>“{name}”的使用记录</translation>
    </message>
    <message numerus="yes">
        <source>Opened %n time(s)</source>
        <translation>
            <numerusform>打开 %n 次</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>by %n person(s)</source>
        <translation>
            <numerusform>%n 人</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody has opened a camera by it yet.</source>
        <translation>还没有人据此打开过相机。</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Complete and unaltered</source>
        <translation>完整且未被更改</translation>
    </message>
    <message>
        <source>This is no evidence package</source>
        <translation>这不是证据包</translation>
    </message>
    <message>
        <source>The signature is wrong</source>
        <translation>签名错误</translation>
    </message>
    <message>
        <source>A file was changed</source>
        <translation>有文件被更改</translation>
    </message>
    <message>
        <source>A file is missing</source>
        <translation>缺少文件</translation>
    </message>
    <message>
        <source>Signed with a key that is not known here</source>
        <translation>签名密钥在此处未知</translation>
    </message>
    <message>
        <source>The chain of custody is broken</source>
        <translation>保管链中断</translation>
    </message>
    <message>
        <source>There is a file that does not belong to it</source>
        <translation>有不属于证据包的文件</translation>
    </message>
    <message>
        <source>signed by {name}, key {key}</source>
        <translation>签名者 {name}，密钥 {key}</translation>
    </message>
    <message>
        <source>and %n more</source>
        <translation>以及另外 %n 项</translation>
    </message>
</context>
<context>
    <name>VerifyDialog</name>
    <message>
        <source>{number}: is the picture back?</source>
        <translation>{number}：画面恢复了吗？</translation>
    </message>
    <message>
        <source>Now, live</source>
        <translation>当前实时画面</translation>
    </message>
    <message>
        <source>How it should look</source>
        <translation>基准图</translation>
    </message>
    <message>
        <source>Separate those that are &amp;not back</source>
        <translation>分出未恢复的(&amp;N)</translation>
    </message>
    <message>
        <source>They get a ticket of their own; this one can be closed</source>
        <translation>它们另立工单，本工单即可关闭</translation>
    </message>
    <message>
        <source>Same view, sharp, and the time in it is right</source>
        <translation>视角一致、清晰、画面时间正确</translation>
    </message>
    <message>
        <source>Show on the &amp;wall</source>
        <translation>在电视墙上显示(&amp;W)</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Verified by {name}, with a PIN</source>
        <translation>由 {name} 凭 PIN 核验</translation>
    </message>
    <message>
        <source>The reference picture is not here yet: it comes with the next synchronisation.</source>
        <translation>基准图尚未到达：将随下次同步到来。</translation>
    </message>
    <message>
        <source>There is no reference picture yet: the live one becomes it.</source>
        <translation>尚无基准图：当前画面将成为基准图。</translation>
    </message>
    <message>
        <source>reference of {time}</source>
        <translation>基准图：{time}</translation>
    </message>
    <message>
        <source>Put the camera on the wall: it closes only when the wall sees the picture.</source>
        <translation>请把该相机放上大屏：大屏看到画面后才能关闭。</translation>
    </message>
    <message>
        <source>Live for {seconds} s of {needed} s</source>
        <translation>已实时 {seconds} 秒 / {needed} 秒</translation>
    </message>
    <message>
        <source>● Live for {needed} s and more</source>
        <translation>● 已连续实时 {needed} 秒以上</translation>
    </message>
    <message numerus="yes">
        <source>%n other camera(s) to compare</source>
        <translation>
            <numerusform>还有 %n 台相机待比对</numerusform>
        </translation>
    </message>
    <message>
        <source>This camera is right: next</source>
        <translation>此相机正常：下一台</translation>
    </message>
</context>
<context>
    <name>WallCommands</name>
    <message>
        <source>This layout has tiles 1 to {count}.</source>
        <translation>此布局的画面序号为 1 到 {count}。</translation>
    </message>
    <message>
        <source>This camera has no preset {number}.</source>
        <translation>此相机没有预置位 {number}。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>此布局中有 %n 台相机没有窗格。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>More than 16 tiles: studies find that much is missed on so many.</source>
        <translation>超过 16 个窗格：研究表明窗格过多时会遗漏很多情况。</translation>
    </message>
    <message>
        <source>Tile cleared.</source>
        <translation>窗格已清空。</translation>
    </message>
    <message>
        <source>fit: all of the picture</source>
        <translation>适应：显示完整画面</translation>
    </message>
    <message>
        <source>fill: the edges are cut</source>
        <translation>填充：裁去边缘</translation>
    </message>
    <message>
        <source>stretch: the shape is distorted</source>
        <translation>拉伸：画面变形</translation>
    </message>
    <message>
        <source>Picture shape: {name}</source>
        <translation>画面比例：{name}</translation>
    </message>
    <message>
        <source>Select a tile with a camera first.</source>
        <translation>请先选中有相机的窗格。</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open recording</source>
        <translation>打开录像</translation>
    </message>
    <message>
        <source>Recordings (*.mp4 *.mkv *.avi *.mov *.ts);;All files (*)</source>
        <translation>录像 (*.mp4 *.mkv *.avi *.mov *.ts);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Case {number}: {purpose}</source>
        <translation>案由 {number}：{purpose}</translation>
    </message>
</context>
<context>
    <name>WallPane</name>
    <message>
        <source>There is no tour yet: menu “Tours”, “New tour”.</source>
        <translation>尚无轮巡：请用菜单“轮巡”中的“新建轮巡”。</translation>
    </message>
</context>
<context>
    <name>WallWidget</name>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Tile {number}: {name}</source>
        <translation>窗格 {number}：{name}</translation>
    </message>
    <message>
        <source>spot</source>
        <translation>焦点</translation>
    </message>
    <message>
        <source>Follows the selected tile</source>
        <translation>跟随选中的窗格</translation>
    </message>
    <message>
        <source>{factor}×  ·  Esc: cancel</source>
        <translation>{factor}×  ·  Esc 取消</translation>
    </message>
</context>
<context>
    <name>WallWindow</name>
    <message>
        <source>Close this &amp;wall</source>
        <translation>关闭此电视墙(&amp;W)</translation>
    </message>
    <message>
        <source>Wall {number}</source>
        <translation>电视墙 {number}</translation>
    </message>
    <message>
        <source>  (cameras open here)</source>
        <translation>  （相机在此打开）</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>此布局中有 %n 台相机没有窗格。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>F11 leaves full screen.</source>
        <translation>按 F11 退出全屏。</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>布局(&amp;L)</translation>
    </message>
    <message>
        <source>V&amp;iews</source>
        <translation>视图(&amp;I)</translation>
    </message>
    <message>
        <source>T&amp;ours</source>
        <translation>轮巡(&amp;O)</translation>
    </message>
    <message>
        <source>Move to &amp;screen</source>
        <translation>移到屏幕(&amp;S)</translation>
    </message>
</context>
<context>
    <name>Walls</name>
    <message>
        <source>Everybody&apos;s</source>
        <translation>公共</translation>
    </message>
    <message>
        <source>No saved views yet</source>
        <translation>尚无保存的视图</translation>
    </message>
</context>
</TS>
