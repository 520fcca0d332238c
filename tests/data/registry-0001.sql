PRAGMA application_id=1497979221;
PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'yiyu','0001_registry','2026-11-22 22:08:48.025575+00:00');
CREATE TABLE agreements (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        series TEXT NOT NULL,
        serial INTEGER NOT NULL CHECK (serial > 0),
        variant TEXT NOT NULL CHECK (variant IN ('JC', 'FY', 'ZY', 'YL', 'SF', 'TB')),
        pack TEXT NOT NULL,
        district TEXT NOT NULL,
        starts_on TEXT NOT NULL CHECK (starts_on IS date(starts_on)),
        ends_on TEXT NOT NULL CHECK (ends_on IS date(ends_on)),
        months INTEGER NOT NULL CHECK (months > 0),
        mode TEXT NOT NULL CHECK (mode IN ('visit', 'resident', 'both')),
        renewal TEXT NOT NULL CHECK (renewal IN ('none', 'negotiate', 'auto_once', 'auto')),
        notice_days INTEGER NOT NULL CHECK (notice_days >= 0),
        copies INTEGER NOT NULL CHECK (copies > 0),
        renews_id INTEGER REFERENCES agreements (id),
        version INTEGER NOT NULL DEFAULT 1,
        UNIQUE (series, serial),
        CHECK (ends_on >= starts_on)
    ) STRICT;
INSERT INTO "agreements" VALUES(1,'150602-2025-JC-0001','150602-2025-JC-*',1,'JC','ordos','150602','2025-11-01','2026-10-31',12,'visit','negotiate',30,4,NULL,1);
INSERT INTO "agreements" VALUES(2,'150602-2026-FY-0001','150602-2026-FY-*',1,'FY','ordos','150602','2026-03-01','2027-02-28',12,'visit','negotiate',30,4,NULL,1);
INSERT INTO "agreements" VALUES(3,'150602-2026-JC-0001','150602-2026-JC-*',1,'JC','ordos','150602','2026-06-01','2027-05-31',12,'visit','negotiate',30,4,NULL,1);
INSERT INTO "agreements" VALUES(4,'150602-2026-JC-0002','150602-2026-JC-*',2,'JC','ordos','150602','2026-11-01','2027-10-31',12,'visit','negotiate',30,4,1,1);
CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL CHECK (kind IN ('agreement', 'service_list', 'activity_record')),
        version INTEGER NOT NULL CHECK (version > 0),
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        template_sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        made_at TEXT NOT NULL,
        UNIQUE (agreement_id, kind, version)
    ) STRICT;
INSERT INTO "documents" VALUES(1,1,'agreement',1,'output/2025/东胜区/150602-2025-JC-0001_合作协议书_东胜区甲托育中心.docx','dcca4fe759062c790bbf715cab28a2e179f8d517741a9da2b1eb6a4c1761caa0','38546ba38133e08bfb020015b17162ef4d045e329358a3a3a7fbaf8013202aae',12583,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(2,1,'service_list',1,'output/2025/东胜区/150602-2025-JC-0001_服务项目清单_东胜区甲托育中心.docx','c36f8690f294b0aa64927acb35c16c197f0195311a20980446053fb0bd9fa9a0','23790937272a41c2183936634df289f88d51f06d15b432749624e312e9dc964c',11470,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(3,1,'activity_record',1,'output/2025/东胜区/150602-2025-JC-0001_活动记录表_东胜区甲托育中心.docx','6cf9b914ea276ec889294a6d8d8b5aeab9bfbcb92afa188ab776f269d0c96111','c98a94b8484851005af8498ed406ae6bb7d7e4a5977c02b1f8de624afa22b77b',6870,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(4,2,'agreement',1,'output/2026/东胜区/150602-2026-FY-0001_合作协议书_东胜区甲托育中心.docx','1efb802322f2be7097c312046007a479cfa85ef99ff57e3ac91388b865623a3b','38546ba38133e08bfb020015b17162ef4d045e329358a3a3a7fbaf8013202aae',12650,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(5,2,'service_list',1,'output/2026/东胜区/150602-2026-FY-0001_服务项目清单_东胜区甲托育中心.docx','6dbc38af5e1b1d8197dadb9e20ea5f1aea988ebd9ef648d546ce0121c519ade1','23790937272a41c2183936634df289f88d51f06d15b432749624e312e9dc964c',10381,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(6,2,'activity_record',1,'output/2026/东胜区/150602-2026-FY-0001_活动记录表_东胜区甲托育中心.docx','9064fdaa32c9810447b47ff2942e22d576745584865456f6481982acb08f5ee5','c98a94b8484851005af8498ed406ae6bb7d7e4a5977c02b1f8de624afa22b77b',6823,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(7,3,'agreement',1,'output/2026/东胜区/150602-2026-JC-0001_合作协议书_东胜区乙托育中心.docx','cf82ee7a4e200d9ac2673c87b4d89d45b4e33acac137e6243520f9aa53212ba9','38546ba38133e08bfb020015b17162ef4d045e329358a3a3a7fbaf8013202aae',12571,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(8,3,'service_list',1,'output/2026/东胜区/150602-2026-JC-0001_服务项目清单_东胜区乙托育中心.docx','8b83940af42d71b8930ff43fd79e4afe090c26a4dd0a9f69a58f0cefdbaa8a8a','23790937272a41c2183936634df289f88d51f06d15b432749624e312e9dc964c',11474,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(9,3,'activity_record',1,'output/2026/东胜区/150602-2026-JC-0001_活动记录表_东胜区乙托育中心.docx','3c5b3d23b39ff3bf1bff9939f300b4694403547f31da09c661846d3160ba7896','c98a94b8484851005af8498ed406ae6bb7d7e4a5977c02b1f8de624afa22b77b',6868,'2026-11-22T22:09:00+00:00');
INSERT INTO "documents" VALUES(10,4,'agreement',1,'output/2026/东胜区/150602-2026-JC-0002_合作协议书_东胜区甲托育中心.docx','ce1e1a046691b8cc859477a499e63b74727347e6bdd3139d35168a548de4fe23','38546ba38133e08bfb020015b17162ef4d045e329358a3a3a7fbaf8013202aae',12637,'2026-11-22T22:09:04+00:00');
CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        party TEXT NOT NULL,
        on_date TEXT NOT NULL CHECK (on_date IS date(on_date)),
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT NOT NULL,
        corrects INTEGER REFERENCES events (id),
        data TEXT NOT NULL CHECK (data LIKE '{%}'),
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT;
INSERT INTO "events" VALUES(1,1,'drafted','','2026-11-22','2026-11-22T22:08:55+00:00','王某某','',NULL,'{}','','fc9353ae4d793ebfdc5b05018108e07455602998eed60d14451ef5fa9c3c4f05');
INSERT INTO "events" VALUES(2,2,'drafted','','2026-11-22','2026-11-22T22:08:56+00:00','王某某','',NULL,'{}','fc9353ae4d793ebfdc5b05018108e07455602998eed60d14451ef5fa9c3c4f05','646b2a9e7f0809b105891ba991e173f108fb661156ee1fb582f490ebf4993b8d');
INSERT INTO "events" VALUES(3,3,'drafted','','2026-11-22','2026-11-22T22:08:58+00:00','王某某','',NULL,'{}','646b2a9e7f0809b105891ba991e173f108fb661156ee1fb582f490ebf4993b8d','2d682b3c171e56a31917e7a91e679c9dc03446c1ea99c3eb3317c46c5e34b594');
INSERT INTO "events" VALUES(4,1,'issued','','2026-11-22','2026-11-22T22:09:00+00:00','王某某','',NULL,'{}','2d682b3c171e56a31917e7a91e679c9dc03446c1ea99c3eb3317c46c5e34b594','29d3abaf5fdc9f887de0ba2265e04aa9c09cc7f3668f4ea68782cc704da3d1ee');
INSERT INTO "events" VALUES(5,2,'issued','','2026-11-22','2026-11-22T22:09:00+00:00','王某某','',NULL,'{}','29d3abaf5fdc9f887de0ba2265e04aa9c09cc7f3668f4ea68782cc704da3d1ee','c17bee41ae2f9bbebdb27542ee987051435abcbe8a1f756f28b71bacda213231');
INSERT INTO "events" VALUES(6,3,'issued','','2026-11-22','2026-11-22T22:09:00+00:00','王某某','',NULL,'{}','c17bee41ae2f9bbebdb27542ee987051435abcbe8a1f756f28b71bacda213231','328cb78bc05882ea410634e5f12c986da2a571f83102167f8a1f8244ac6c2f6b');
INSERT INTO "events" VALUES(7,1,'signed','甲','2025-11-01','2026-11-22T22:09:00+00:00','王某某','',NULL,'{}','328cb78bc05882ea410634e5f12c986da2a571f83102167f8a1f8244ac6c2f6b','f493b1164f5c12575bb3696cab92e8d869eb893b4a2ea3e3232331a0eeab1bab');
INSERT INTO "events" VALUES(8,1,'signed','乙','2025-11-01','2026-11-22T22:09:00+00:00','王某某','',NULL,'{}','f493b1164f5c12575bb3696cab92e8d869eb893b4a2ea3e3232331a0eeab1bab','7227d220bfe974acc68b2241ed49c4f37803c4ba17b2b5bf6d678db787030731');
INSERT INTO "events" VALUES(9,1,'sealed','甲','2025-11-02','2026-11-22T22:09:01+00:00','王某某','',NULL,'{"seam":false,"seal_no":""}','7227d220bfe974acc68b2241ed49c4f37803c4ba17b2b5bf6d678db787030731','b930ad1f3d76bd416a6653a7f2ca5a39b0a5b4f71f049013bd23afa4fbf08447');
INSERT INTO "events" VALUES(10,1,'sealed','乙','2025-11-02','2026-11-22T22:09:01+00:00','王某某','',NULL,'{"seam":false,"seal_no":""}','b930ad1f3d76bd416a6653a7f2ca5a39b0a5b4f71f049013bd23afa4fbf08447','ffb2bbf111165a8757caeee24f69fe87d2bd9bc12586b7dfd7d2a355a3e380c4');
INSERT INTO "events" VALUES(11,2,'signed','甲','2026-03-01','2026-11-22T22:09:02+00:00','王某某','',NULL,'{}','ffb2bbf111165a8757caeee24f69fe87d2bd9bc12586b7dfd7d2a355a3e380c4','a1a9dfc4fd9fa189ed70e8d0d7b3614d90539eb28eaa6bd586d7c2456746408b');
INSERT INTO "events" VALUES(12,3,'voided','','2026-06-05','2026-11-22T22:09:02+00:00','王某某','双方未能谈妥',NULL,'{}','a1a9dfc4fd9fa189ed70e8d0d7b3614d90539eb28eaa6bd586d7c2456746408b','3a7186a3761990616a04ef9db8536aae1c9e0c4c99653864bddc57e1073767b8');
INSERT INTO "events" VALUES(13,4,'drafted','','2026-11-22','2026-11-22T22:09:03+00:00','王某某','续签 150602-2025-JC-0001',NULL,'{}','3a7186a3761990616a04ef9db8536aae1c9e0c4c99653864bddc57e1073767b8','996a1cb6a9ce171b6b9ac814cd1cc54fa1a8653dc2a6398016430ff08a9a9cce');
INSERT INTO "events" VALUES(14,4,'issued','','2026-11-22','2026-11-22T22:09:04+00:00','王某某','',NULL,'{}','996a1cb6a9ce171b6b9ac814cd1cc54fa1a8653dc2a6398016430ff08a9a9cce','6c2e788d757ae69a15e63361e928eafd612adbc7525239a20625710684e123f0');
CREATE TABLE institution_facts (
        id INTEGER PRIMARY KEY,
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        fact TEXT NOT NULL CHECK (fact IN (
            'name', 'legal_person', 'filed', 'filed_on', 'filing_no', 'places', 'enrolled', 'closed_on')),
        value TEXT,
        valid_from TEXT NOT NULL CHECK (valid_from IS date(valid_from)),
        recorded_at TEXT NOT NULL,
        source TEXT NOT NULL
    ) STRICT;
INSERT INTO "institution_facts" VALUES(1,1,'name','东胜区妇幼保健院','0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(2,1,'legal_person','李某某','0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(3,1,'filed','0','0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(4,1,'filed_on',NULL,'0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(5,1,'filing_no','','0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(6,1,'places',NULL,'0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(7,1,'enrolled',NULL,'0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(8,1,'closed_on',NULL,'0001-01-01','2026-11-22T22:08:48+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(9,2,'name','东胜区兴胜社区卫生服务中心','0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(10,2,'legal_person','','0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(11,2,'filed','0','0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(12,2,'filed_on',NULL,'0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(13,2,'filing_no','','0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(14,2,'places',NULL,'0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(15,2,'enrolled',NULL,'0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(16,2,'closed_on',NULL,'0001-01-01','2026-11-22T22:08:50+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(17,3,'name','东胜区甲托育中心','0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(18,3,'legal_person','张某某','0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(19,3,'filed','1','0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(20,3,'filed_on',NULL,'0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(21,3,'filing_no','','0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(22,3,'places','60','0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(23,3,'enrolled','50','0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(24,3,'closed_on',NULL,'0001-01-01','2026-11-22T22:08:51+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(25,4,'name','东胜区乙托育中心','0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(26,4,'legal_person','','0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(27,4,'filed','1','0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(28,4,'filed_on',NULL,'0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(29,4,'filing_no','','0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(30,4,'places',NULL,'0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(31,4,'enrolled',NULL,'0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(32,4,'closed_on',NULL,'0001-01-01','2026-11-22T22:08:53+00:00','手工录入');
INSERT INTO "institution_facts" VALUES(33,4,'places','40','2026-11-22','2026-11-22T22:08:54+00:00','手工修改');
CREATE TABLE institutions (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('medical', 'childcare')),
        code TEXT NOT NULL,
        branch TEXT NOT NULL,
        category TEXT NOT NULL,
        nature TEXT NOT NULL,
        district TEXT NOT NULL,
        town TEXT NOT NULL,
        address TEXT NOT NULL,
        contact TEXT NOT NULL,
        phone TEXT NOT NULL,
        grade TEXT NOT NULL,
        inclusive INTEGER CHECK (inclusive IN (0, 1)),
        staff INTEGER CHECK (staff >= 0),
        health_workers INTEGER CHECK (health_workers >= 0),
        remark TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
    ) STRICT;
INSERT INTO "institutions" VALUES(1,'medical','121506021141432612','','妇幼保健院','','150602','','','','0477-0000000','',NULL,NULL,NULL,'',1);
INSERT INTO "institutions" VALUES(2,'medical','12150602MA6751143B','','社区卫生服务中心','','150602','','','','','',NULL,NULL,NULL,'',1);
INSERT INTO "institutions" VALUES(3,'childcare','521506027795605297','','','','150602','','','','','',NULL,NULL,NULL,'',1);
INSERT INTO "institutions" VALUES(4,'childcare','52150602890495024U','','','','150602','林荫街道','','','','',NULL,NULL,NULL,'',2);
CREATE TABLE items (
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        list_version INTEGER NOT NULL CHECK (list_version > 0),
        seq INTEGER NOT NULL CHECK (seq > 0),
        item TEXT NOT NULL CHECK (item LIKE '{%}'),
        PRIMARY KEY (agreement_id, list_version, seq)
    ) STRICT;
INSERT INTO "items" VALUES(1,1,1,'{"seq":1,"code":"A01","group":"健康管理","name":"预防接种","content":"核查入托婴幼儿预防接种证，提醒漏种补种；按国家免疫规划程序安排接种，做好接种后观察和健康宣教。","target":"婴幼儿","provider":"JC","mode":"到院","times":null,"per":"by_age","department":"接种门诊","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,2,'{"seq":2,"code":"A02","group":"健康管理","name":"生长发育监测","content":"测量身长（身高）、体重、头围，绘制生长曲线，向家长反馈结果；发现偏离的给予指导并建议复查。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,3,'{"seq":3,"code":"A03","group":"健康管理","name":"建立电子健康档案","content":"经监护人同意，入托时为尚未建档的婴幼儿建立电子健康档案，已建档的及时更新；协议各方只交换建档人数。","target":"婴幼儿","provider":"JC","mode":"上门","times":1,"per":"once","department":"公共卫生科","fee":"基本公卫免费","selected":true,"mandatory":true,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(1,1,4,'{"seq":4,"code":"A04","group":"健康管理","name":"儿童发育预警筛查","content":"按月龄开展发育预警征象筛查和孤独症初筛；初筛阳性的当面告知家长，转介至妇幼保健机构复筛并随访结果。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(1,1,5,'{"seq":5,"code":"A05","group":"健康管理","name":"心理和行为发育评估","content":"按月龄开展心理行为发育评估，向家长说明结果和家庭养育建议；需要进一步评估的转介。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(1,1,6,'{"seq":6,"code":"A06","group":"健康管理","name":"眼保健","content":"按月龄开展眼外观检查和视力筛查，指导托育机构改善采光、控制屏幕时间、保证户外活动，预防近视。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,7,'{"seq":7,"code":"A07","group":"健康管理","name":"口腔保健","content":"检查乳牙萌出和龋齿情况，指导口腔清洁和喂养习惯；发现问题的建议家长带婴幼儿到口腔科就诊。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,8,'{"seq":8,"code":"A12","group":"健康管理","name":"健康监测","content":"指导托育机构落实晨午检、全日健康观察和缺勤追查，每次上门时抽查登记情况，对异常聚集提出处置建议。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"standing","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,9,'{"seq":9,"code":"B01","group":"膳食营养","name":"喂养咨询与指导","content":"指导母乳和配方奶喂养、辅食添加、进餐习惯培养，解答家长和照护人员的喂养问题。","target":"托育机构和家长","provider":"JC","mode":"上门","times":null,"per":"on_demand","department":"儿童保健科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,10,'{"seq":10,"code":"C03","group":"疾病防控","name":"传染病防控和应急处置指导","content":"指导托育机构发现、报告、隔离和消毒的流程，接到报告后及时给出处置意见；每年协助开展1次应急演练。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"year","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,11,'{"seq":11,"code":"C08","group":"疾病防控","name":"疾病防控制度建设指导","content":"协助托育机构建立健全健康检查、晨午检、消毒、隔离和传染病报告等制度，每年核对一次并提出修改意见。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"year","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,12,'{"seq":12,"code":"D06","group":"中（蒙）医药","name":"0—36个月儿童中（蒙）医药健康管理","content":"在6、12、18、24、30、36月龄向家长提供饮食调养、起居调摄指导，传授摩腹、捏脊和穴位按揉方法。","target":"婴幼儿","provider":"JC、FY、ZY、MY","mode":"到院","times":null,"per":"by_age","department":"儿童保健科、中医科","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,13,'{"seq":13,"code":"F01","group":"上门指导与派驻","name":"上门对接和指导","content":"到托育机构了解健康管理需求，查看卫生保健和疾病防控落实情况，现场指导并提出书面意见，下次上门时复查整改。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"quarter","department":"公共卫生科","fee":"免费","selected":true,"mandatory":true,"remark":""}');
INSERT INTO "items" VALUES(1,1,14,'{"seq":14,"code":"F05","group":"上门指导与派驻","name":"协议派驻","content":"按约定时间派卫生专业人员到托育机构驻点开展健康指导，派驻人员、时段和职责另附派驻安排。","target":"托育机构","provider":"JC","mode":"上门","times":null,"per":"on_demand","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,15,'{"seq":15,"code":"G01","group":"应急与绿色通道","name":"紧急医疗响应","content":"明确24小时联系电话和对接人员；接到突发健康状况求助后立即电话指导、安排接应，并记录处置经过。","target":"托育机构","provider":"JC、YL","mode":"到院","times":null,"per":"standing","department":"急诊科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(1,1,16,'{"seq":16,"code":"G02","group":"应急与绿色通道","name":"绿色就医通道","content":"为突发疾病或意外伤害的在托婴幼儿优先安排就诊，必要时协调转往上级医院；由托育机构同时通知监护人。","target":"婴幼儿","provider":"JC、FY、ZY、MY、YL","mode":"到院","times":null,"per":"standing","department":"门诊、急诊","fee":"免费","selected":true,"mandatory":true,"remark":"诊疗按价收费"}');
INSERT INTO "items" VALUES(1,1,17,'{"seq":17,"code":"H01","group":"特殊儿童","name":"残疾儿童筛查","content":"按月龄开展视力、听力、肢体、智力和孤独症等残疾初筛，阳性的告知家长并按规定转介、登记和随访。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(2,1,1,'{"seq":1,"code":"A09","group":"健康管理","name":"健康检查指导","content":"指导托育机构组织婴幼儿入托和定期健康检查、从业人员上岗前和年度健康检查，帮助分析结果并提出改进意见。","target":"托育机构","provider":"FY","mode":"上门","times":1,"per":"year","department":"儿童保健科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,2,'{"seq":2,"code":"A13","group":"健康管理","name":"高危儿和营养性疾病儿童转介随访","content":"接收转介的高危儿、营养性疾病儿童，提供专案管理和随访；把需要托育机构配合照护的事项书面告知监护人。","target":"婴幼儿","provider":"FY、YL","mode":"随访","times":null,"per":"on_demand","department":"儿童保健科","fee":"按价收费","selected":false,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(2,1,3,'{"seq":3,"code":"B02","group":"膳食营养","name":"膳食营养指导","content":"指导托育机构编制分月龄带量食谱，核对过敏和忌口登记，对食谱和进餐管理提出书面意见。","target":"托育机构","provider":"FY","mode":"上门","times":1,"per":"half_year","department":"儿童保健科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,4,'{"seq":4,"code":"C04","group":"疾病防控","name":"卫生消毒指导","content":"指导环境、餐饮具、玩具和寝具的清洁消毒方法、频次与记录，现场纠正不规范操作。","target":"托育机构","provider":"FY","mode":"上门","times":1,"per":"half_year","department":"儿童保健科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,5,'{"seq":5,"code":"C07","group":"疾病防控","name":"常见病多发病防控宣传","content":"结合季节提供常见病、多发病预防知识和宣传材料，指导托育机构向家长转发和讲解。","target":"托育机构和家长","provider":"FY","mode":"线上","times":1,"per":"quarter","department":"健康教育科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,6,'{"seq":6,"code":"E01","group":"人员培训","name":"从业人员卫生保健培训","content":"培训卫生保健常规、传染病防控、急救和伤害处理，不少于半天，课后考核并留存签到、课件和成绩。","target":"从业人员","provider":"FY","mode":"集中培训","times":1,"per":"year","department":"儿童保健科","fee":"免费","selected":true,"mandatory":true,"remark":""}');
INSERT INTO "items" VALUES(2,1,7,'{"seq":7,"code":"E02","group":"人员培训","name":"生长发育知识和科学育儿理念普及","content":"向照护人员和家长讲解生长发育规律、回应性照护和早期发展知识，每次提供讲义或音视频材料。","target":"从业人员和家长","provider":"FY","mode":"集中培训","times":1,"per":"half_year","department":"儿童保健科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,8,'{"seq":8,"code":"F04","group":"上门指导与派驻","name":"卫生保健业务指导","content":"对照卫生保健规范逐项查看制度、人员、设施和记录，现场指导保健员，出具书面指导意见并跟踪改进。","target":"托育机构","provider":"FY","mode":"上门","times":1,"per":"half_year","department":"儿童保健科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,9,'{"seq":9,"code":"F06","group":"上门指导与派驻","name":"生活养育环境指导","content":"对活动室、睡眠室、盥洗室和户外场地的采光、通风、布置与作息安排提出改进意见。","target":"托育机构","provider":"FY","mode":"上门","times":1,"per":"year","department":"儿童保健科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(2,1,10,'{"seq":10,"code":"G02","group":"应急与绿色通道","name":"绿色就医通道","content":"为突发疾病或意外伤害的在托婴幼儿优先安排就诊，必要时协调转往上级医院；由托育机构同时通知监护人。","target":"婴幼儿","provider":"JC、FY、ZY、MY、YL","mode":"到院","times":null,"per":"standing","department":"门诊、急诊","fee":"免费","selected":false,"mandatory":false,"remark":"诊疗按价收费"}');
INSERT INTO "items" VALUES(3,1,1,'{"seq":1,"code":"A01","group":"健康管理","name":"预防接种","content":"核查入托婴幼儿预防接种证，提醒漏种补种；按国家免疫规划程序安排接种，做好接种后观察和健康宣教。","target":"婴幼儿","provider":"JC","mode":"到院","times":null,"per":"by_age","department":"接种门诊","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,2,'{"seq":2,"code":"A02","group":"健康管理","name":"生长发育监测","content":"测量身长（身高）、体重、头围，绘制生长曲线，向家长反馈结果；发现偏离的给予指导并建议复查。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,3,'{"seq":3,"code":"A03","group":"健康管理","name":"建立电子健康档案","content":"经监护人同意，入托时为尚未建档的婴幼儿建立电子健康档案，已建档的及时更新；协议各方只交换建档人数。","target":"婴幼儿","provider":"JC","mode":"上门","times":1,"per":"once","department":"公共卫生科","fee":"基本公卫免费","selected":true,"mandatory":true,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(3,1,4,'{"seq":4,"code":"A04","group":"健康管理","name":"儿童发育预警筛查","content":"按月龄开展发育预警征象筛查和孤独症初筛；初筛阳性的当面告知家长，转介至妇幼保健机构复筛并随访结果。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(3,1,5,'{"seq":5,"code":"A05","group":"健康管理","name":"心理和行为发育评估","content":"按月龄开展心理行为发育评估，向家长说明结果和家庭养育建议；需要进一步评估的转介。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(3,1,6,'{"seq":6,"code":"A06","group":"健康管理","name":"眼保健","content":"按月龄开展眼外观检查和视力筛查，指导托育机构改善采光、控制屏幕时间、保证户外活动，预防近视。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,7,'{"seq":7,"code":"A07","group":"健康管理","name":"口腔保健","content":"检查乳牙萌出和龋齿情况，指导口腔清洁和喂养习惯；发现问题的建议家长带婴幼儿到口腔科就诊。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,8,'{"seq":8,"code":"A12","group":"健康管理","name":"健康监测","content":"指导托育机构落实晨午检、全日健康观察和缺勤追查，每次上门时抽查登记情况，对异常聚集提出处置建议。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"standing","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,9,'{"seq":9,"code":"B01","group":"膳食营养","name":"喂养咨询与指导","content":"指导母乳和配方奶喂养、辅食添加、进餐习惯培养，解答家长和照护人员的喂养问题。","target":"托育机构和家长","provider":"JC","mode":"上门","times":null,"per":"on_demand","department":"儿童保健科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,10,'{"seq":10,"code":"C03","group":"疾病防控","name":"传染病防控和应急处置指导","content":"指导托育机构发现、报告、隔离和消毒的流程，接到报告后及时给出处置意见；每年协助开展1次应急演练。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"year","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,11,'{"seq":11,"code":"C08","group":"疾病防控","name":"疾病防控制度建设指导","content":"协助托育机构建立健全健康检查、晨午检、消毒、隔离和传染病报告等制度，每年核对一次并提出修改意见。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"year","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,12,'{"seq":12,"code":"D06","group":"中（蒙）医药","name":"0—36个月儿童中（蒙）医药健康管理","content":"在6、12、18、24、30、36月龄向家长提供饮食调养、起居调摄指导，传授摩腹、捏脊和穴位按揉方法。","target":"婴幼儿","provider":"JC、FY、ZY、MY","mode":"到院","times":null,"per":"by_age","department":"儿童保健科、中医科","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,13,'{"seq":13,"code":"F01","group":"上门指导与派驻","name":"上门对接和指导","content":"到托育机构了解健康管理需求，查看卫生保健和疾病防控落实情况，现场指导并提出书面意见，下次上门时复查整改。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"quarter","department":"公共卫生科","fee":"免费","selected":true,"mandatory":true,"remark":""}');
INSERT INTO "items" VALUES(3,1,14,'{"seq":14,"code":"F05","group":"上门指导与派驻","name":"协议派驻","content":"按约定时间派卫生专业人员到托育机构驻点开展健康指导，派驻人员、时段和职责另附派驻安排。","target":"托育机构","provider":"JC","mode":"上门","times":null,"per":"on_demand","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,15,'{"seq":15,"code":"G01","group":"应急与绿色通道","name":"紧急医疗响应","content":"明确24小时联系电话和对接人员；接到突发健康状况求助后立即电话指导、安排接应，并记录处置经过。","target":"托育机构","provider":"JC、YL","mode":"到院","times":null,"per":"standing","department":"急诊科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(3,1,16,'{"seq":16,"code":"G02","group":"应急与绿色通道","name":"绿色就医通道","content":"为突发疾病或意外伤害的在托婴幼儿优先安排就诊，必要时协调转往上级医院；由托育机构同时通知监护人。","target":"婴幼儿","provider":"JC、FY、ZY、MY、YL","mode":"到院","times":null,"per":"standing","department":"门诊、急诊","fee":"免费","selected":true,"mandatory":true,"remark":"诊疗按价收费"}');
INSERT INTO "items" VALUES(3,1,17,'{"seq":17,"code":"H01","group":"特殊儿童","name":"残疾儿童筛查","content":"按月龄开展视力、听力、肢体、智力和孤独症等残疾初筛，阳性的告知家长并按规定转介、登记和随访。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(4,1,1,'{"seq":1,"code":"A01","group":"健康管理","name":"预防接种","content":"核查入托婴幼儿预防接种证，提醒漏种补种；按国家免疫规划程序安排接种，做好接种后观察和健康宣教。","target":"婴幼儿","provider":"JC","mode":"到院","times":null,"per":"by_age","department":"接种门诊","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,2,'{"seq":2,"code":"A02","group":"健康管理","name":"生长发育监测","content":"测量身长（身高）、体重、头围，绘制生长曲线，向家长反馈结果；发现偏离的给予指导并建议复查。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,3,'{"seq":3,"code":"A03","group":"健康管理","name":"建立电子健康档案","content":"经监护人同意，入托时为尚未建档的婴幼儿建立电子健康档案，已建档的及时更新；协议各方只交换建档人数。","target":"婴幼儿","provider":"JC","mode":"上门","times":1,"per":"once","department":"公共卫生科","fee":"基本公卫免费","selected":true,"mandatory":true,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(4,1,4,'{"seq":4,"code":"A04","group":"健康管理","name":"儿童发育预警筛查","content":"按月龄开展发育预警征象筛查和孤独症初筛；初筛阳性的当面告知家长，转介至妇幼保健机构复筛并随访结果。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(4,1,5,'{"seq":5,"code":"A05","group":"健康管理","name":"心理和行为发育评估","content":"按月龄开展心理行为发育评估，向家长说明结果和家庭养育建议；需要进一步评估的转介。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":"须监护人同意"}');
INSERT INTO "items" VALUES(4,1,6,'{"seq":6,"code":"A06","group":"健康管理","name":"眼保健","content":"按月龄开展眼外观检查和视力筛查，指导托育机构改善采光、控制屏幕时间、保证户外活动，预防近视。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,7,'{"seq":7,"code":"A07","group":"健康管理","name":"口腔保健","content":"检查乳牙萌出和龋齿情况，指导口腔清洁和喂养习惯；发现问题的建议家长带婴幼儿到口腔科就诊。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,8,'{"seq":8,"code":"A12","group":"健康管理","name":"健康监测","content":"指导托育机构落实晨午检、全日健康观察和缺勤追查，每次上门时抽查登记情况，对异常聚集提出处置建议。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"standing","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,9,'{"seq":9,"code":"B01","group":"膳食营养","name":"喂养咨询与指导","content":"指导母乳和配方奶喂养、辅食添加、进餐习惯培养，解答家长和照护人员的喂养问题。","target":"托育机构和家长","provider":"JC","mode":"上门","times":null,"per":"on_demand","department":"儿童保健科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,10,'{"seq":10,"code":"C03","group":"疾病防控","name":"传染病防控和应急处置指导","content":"指导托育机构发现、报告、隔离和消毒的流程，接到报告后及时给出处置意见；每年协助开展1次应急演练。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"year","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,11,'{"seq":11,"code":"C08","group":"疾病防控","name":"疾病防控制度建设指导","content":"协助托育机构建立健全健康检查、晨午检、消毒、隔离和传染病报告等制度，每年核对一次并提出修改意见。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"year","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,12,'{"seq":12,"code":"D06","group":"中（蒙）医药","name":"0—36个月儿童中（蒙）医药健康管理","content":"在6、12、18、24、30、36月龄向家长提供饮食调养、起居调摄指导，传授摩腹、捏脊和穴位按揉方法。","target":"婴幼儿","provider":"JC、FY、ZY、MY","mode":"到院","times":null,"per":"by_age","department":"儿童保健科、中医科","fee":"基本公卫免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,13,'{"seq":13,"code":"F01","group":"上门指导与派驻","name":"上门对接和指导","content":"到托育机构了解健康管理需求，查看卫生保健和疾病防控落实情况，现场指导并提出书面意见，下次上门时复查整改。","target":"托育机构","provider":"JC","mode":"上门","times":1,"per":"quarter","department":"公共卫生科","fee":"免费","selected":true,"mandatory":true,"remark":""}');
INSERT INTO "items" VALUES(4,1,14,'{"seq":14,"code":"F05","group":"上门指导与派驻","name":"协议派驻","content":"按约定时间派卫生专业人员到托育机构驻点开展健康指导，派驻人员、时段和职责另附派驻安排。","target":"托育机构","provider":"JC","mode":"上门","times":null,"per":"on_demand","department":"公共卫生科","fee":"免费","selected":false,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,15,'{"seq":15,"code":"G01","group":"应急与绿色通道","name":"紧急医疗响应","content":"明确24小时联系电话和对接人员；接到突发健康状况求助后立即电话指导、安排接应，并记录处置经过。","target":"托育机构","provider":"JC、YL","mode":"到院","times":null,"per":"standing","department":"急诊科","fee":"免费","selected":true,"mandatory":false,"remark":""}');
INSERT INTO "items" VALUES(4,1,16,'{"seq":16,"code":"G02","group":"应急与绿色通道","name":"绿色就医通道","content":"为突发疾病或意外伤害的在托婴幼儿优先安排就诊，必要时协调转往上级医院；由托育机构同时通知监护人。","target":"婴幼儿","provider":"JC、FY、ZY、MY、YL","mode":"到院","times":null,"per":"standing","department":"门诊、急诊","fee":"免费","selected":true,"mandatory":true,"remark":"诊疗按价收费"}');
INSERT INTO "items" VALUES(4,1,17,'{"seq":17,"code":"H01","group":"特殊儿童","name":"残疾儿童筛查","content":"按月龄开展视力、听力、肢体、智力和孤独症等残疾初筛，阳性的告知家长并按规定转介、登记和随访。","target":"婴幼儿","provider":"JC","mode":"上门","times":null,"per":"by_age","department":"儿童保健科","fee":"基本公卫免费","selected":true,"mandatory":false,"remark":"须监护人同意"}');
CREATE TABLE parties (
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        role TEXT NOT NULL CHECK (role IN ('甲', '乙', '丙', '丁')),
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        snapshot TEXT NOT NULL CHECK (snapshot LIKE '{%}'),
        PRIMARY KEY (agreement_id, role)
    ) STRICT;
INSERT INTO "parties" VALUES(1,'甲',2,'{"kind":"medical","name":"东胜区兴胜社区卫生服务中心","code":"12150602MA6751143B","branch":"","category":"社区卫生服务中心","nature":"","district":"150602","town":"","address":"","legal_person":"","contact":"","phone":"","grade":"","filed":false,"filed_on":null,"filing_no":"","inclusive":null,"places":null,"enrolled":null,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":2}');
INSERT INTO "parties" VALUES(1,'乙',3,'{"kind":"childcare","name":"东胜区甲托育中心","code":"521506027795605297","branch":"","category":"","nature":"","district":"150602","town":"","address":"","legal_person":"张某某","contact":"","phone":"","grade":"","filed":true,"filed_on":null,"filing_no":"","inclusive":null,"places":60,"enrolled":50,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":3}');
INSERT INTO "parties" VALUES(2,'甲',1,'{"kind":"medical","name":"东胜区妇幼保健院","code":"121506021141432612","branch":"","category":"妇幼保健院","nature":"","district":"150602","town":"","address":"","legal_person":"李某某","contact":"","phone":"0477-0000000","grade":"","filed":false,"filed_on":null,"filing_no":"","inclusive":null,"places":null,"enrolled":null,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":1}');
INSERT INTO "parties" VALUES(2,'乙',3,'{"kind":"childcare","name":"东胜区甲托育中心","code":"521506027795605297","branch":"","category":"","nature":"","district":"150602","town":"","address":"","legal_person":"张某某","contact":"","phone":"","grade":"","filed":true,"filed_on":null,"filing_no":"","inclusive":null,"places":60,"enrolled":50,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":3}');
INSERT INTO "parties" VALUES(3,'甲',2,'{"kind":"medical","name":"东胜区兴胜社区卫生服务中心","code":"12150602MA6751143B","branch":"","category":"社区卫生服务中心","nature":"","district":"150602","town":"","address":"","legal_person":"","contact":"","phone":"","grade":"","filed":false,"filed_on":null,"filing_no":"","inclusive":null,"places":null,"enrolled":null,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":2}');
INSERT INTO "parties" VALUES(3,'乙',4,'{"kind":"childcare","name":"东胜区乙托育中心","code":"52150602890495024U","branch":"","category":"","nature":"","district":"150602","town":"林荫街道","address":"","legal_person":"","contact":"","phone":"","grade":"","filed":true,"filed_on":null,"filing_no":"","inclusive":null,"places":40,"enrolled":null,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":4}');
INSERT INTO "parties" VALUES(4,'甲',2,'{"kind":"medical","name":"东胜区兴胜社区卫生服务中心","code":"12150602MA6751143B","branch":"","category":"社区卫生服务中心","nature":"","district":"150602","town":"","address":"","legal_person":"","contact":"","phone":"","grade":"","filed":false,"filed_on":null,"filing_no":"","inclusive":null,"places":null,"enrolled":null,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":2}');
INSERT INTO "parties" VALUES(4,'乙',3,'{"kind":"childcare","name":"东胜区甲托育中心","code":"521506027795605297","branch":"","category":"","nature":"","district":"150602","town":"","address":"","legal_person":"张某某","contact":"","phone":"","grade":"","filed":true,"filed_on":null,"filing_no":"","inclusive":null,"places":60,"enrolled":50,"staff":null,"health_workers":null,"closed_on":null,"remark":"","id":3}');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX institutions_code ON institutions (kind, code, branch) WHERE code <> '';
CREATE INDEX institution_facts_current ON institution_facts (institution_id, fact, valid_from);
CREATE INDEX agreements_ends_on ON agreements (ends_on);
CREATE INDEX agreements_renews ON agreements (renews_id) WHERE renews_id IS NOT NULL;
CREATE INDEX parties_institution ON parties (institution_id);
CREATE INDEX events_agreement ON events (agreement_id, on_date);
CREATE INDEX events_signed ON events (agreement_id, party, on_date) WHERE kind = 'signed';
CREATE INDEX events_moving_the_end ON events (agreement_id) WHERE kind IN ('extended', 'supplemented');
CREATE INDEX events_corrected ON events (agreement_id) WHERE kind = 'corrected';
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
COMMIT;
